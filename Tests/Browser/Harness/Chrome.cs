using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Commons;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser.Harness;

/// <summary>A real browser without a window, on one page of the panel.</summary>
internal sealed class Chrome : IDisposable
{
    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();
    private readonly ChromeDriver _driver;
    private readonly ChromeDriverService _service;

    public Chrome()
    {
        var options = new ChromeOptions { BinaryLocation = PathOf("chromium") };
        options.AddArguments(
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
            "--no-first-run", "--force-device-scale-factor=1", "--hide-scrollbars", "--lang=en-GB");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        var driver = PathOf("chromedriver");
        _service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver), Path.GetFileName(driver));
        _service.SuppressInitialDiagnosticInformation = true;
        _driver = new ChromeDriver(_service, options, TimeSpan.FromSeconds(90));
        Desktop();
    }

    public Actions Keys => new(_driver);

    /// <summary>A page of 1440 by 900.</summary>
    public void Desktop() => Size(1440, 900, isMobile: false);

    /// <summary>A page of 360 by 800, touched with fingers.</summary>
    public void Phone() => Size(360, 800, isMobile: true);

    /// <summary>Prefers light or dark, as the user's system does.</summary>
    public void Prefer(string scheme) => _driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new Dictionary<string, object?>
    {
        ["features"] = new[] { new Dictionary<string, object?> { ["name"] = "prefers-color-scheme", ["value"] = scheme } },
    });

    /// <summary>Loads a view anew.</summary>
    public void Open(PanelSite site, string view)
    {
        _driver.Navigate().GoToUrl("about:blank");
        _driver.Navigate().GoToUrl(new Uri(site.Address, "/#" + view));
    }

    /// <summary>What a script returns.</summary>
    public T Read<T>(string script, params object[] arguments) => (T)_driver.ExecuteScript(script, arguments)!;

    /// <summary>Runs a script that says when it is done, by its last argument.</summary>
    public T Await<T>(string script, TimeSpan limit)
    {
        _driver.Manage().Timeouts().AsynchronousJavaScript = limit;
        return (T)_driver.ExecuteAsyncScript(script)!;
    }

    /// <summary>Text of the first element, as it is shown; empty where there is none.</summary>
    public string TextOf(string css) => Read<string>("return document.querySelector(arguments[0])?.innerText ?? ''", css);

    /// <summary>Texts of all elements.</summary>
    public IReadOnlyList<string> TextsOf(string css) =>
        [.. Read<IReadOnlyCollection<object>>("return [...document.querySelectorAll(arguments[0])].map(found => found.textContent)", css).Cast<string>()];

    public int Count(string css) => (int)Read<long>("return document.querySelectorAll(arguments[0]).length", css);

    /// <summary>Waits until the page is so.</summary>
    /// <param name="what">What is awaited.</param>
    /// <param name="condition">An expression of script.</param>
    /// <param name="arguments">Its arguments.</param>
    public Task HoldsAsync(string what, string condition, params object[] arguments) => Eventually.HoldsAsync(
        what, () => Task.FromResult(Read<bool>($"return Boolean({condition})", arguments)), seen: () => "The page shows:\n" + TextOf("body"));

    /// <summary>Waits for an element that is shown, and returns it.</summary>
    public async Task<IWebElement> FindAsync(string css)
    {
        await HoldsAsync($"an element {css} that is shown", "document.querySelector(arguments[0])?.checkVisibility()", css);
        return _driver.FindElement(By.CssSelector(css));
    }

    /// <summary>Waits for an element, and clicks on it. One that is drawn anew meanwhile is looked for again.</summary>
    public async Task ClickAsync(string css)
    {
        var isDone = false;
        await Eventually.HoldsAsync($"a click on {css}", () =>
        {
            try
            {
                _driver.FindElement(By.CssSelector(css)).Click();
                isDone = true;
            }
            catch (WebDriverException exception) when (exception is StaleElementReferenceException or NoSuchElementException
                or ElementClickInterceptedException or ElementNotInteractableException)
            {
                // Not there yet, or moved in this frame.
            }

            return isDone;
        });
    }

    /// <summary>The element that has the focus: its text, else its label, else its name.</summary>
    public string Focused() => Read<string>(
        "const a = document.activeElement; return a.textContent.trim() || a.getAttribute('aria-label') || a.id || a.tagName");

    /// <summary>Keeps a picture of the page among the results of the tests.</summary>
    public void Keep(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository(), "TestResults", "screenshots"));
        _driver.GetScreenshot().SaveAsFile(Path.Combine(folder.FullName, name + ".png"));
    }

    /// <summary>Fails where axe finds something serious or critical.</summary>
    public void KeepsNobodyOut()
    {
        _driver.ExecuteScript(s_axe);
        var found = Await<string>(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(result => done(JSON.stringify(result.violations.flatMap(rule => rule.nodes.map(node =>
              `${rule.impact} ${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)))), error => done(JSON.stringify([`critical ${error}`])));
            """, TimeSpan.FromSeconds(60));
        var barriers = JsonSerializer.Deserialize<string[]>(found)!
            .Where(line => line.StartsWith("serious", StringComparison.Ordinal) || line.StartsWith("critical", StringComparison.Ordinal)).ToList();
        Assert.True(barriers.Count == 0, string.Join('\n', barriers));
    }

    /// <summary>Forgets what is on the console.</summary>
    public void ClearConsole() => _driver.Manage().Logs.GetLog(LogType.Browser);

    /// <summary>Fails where there is an error on the console since it was cleared.</summary>
    /// <param name="butRefused">True where requests are refused or lost on purpose: the browser itself writes a line for each.</param>
    public void HasNoErrors(bool butRefused = false)
    {
        var errors = _driver.Manage().Logs.GetLog(LogType.Browser).Where(entry => entry.Level == LogLevel.Severe).Select(entry => entry.Message)
            .Where(message => !butRefused || !(message.Contains("Failed to load resource", StringComparison.Ordinal) || message.Contains("net::ERR_", StringComparison.Ordinal)))
            .ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public void Dispose()
    {
        _driver.Quit();
        _driver.Dispose();
        _service.Dispose();
    }

    private void Size(int width, int height, bool isMobile) => _driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new Dictionary<string, object?>
    {
        ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = isMobile,
    });

    private static string PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"The tests need {program}. Install it with: sudo apt-get install chromium chromium-driver"));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no clone of the repository.");
        }

        return folder.FullName;
    }
}
