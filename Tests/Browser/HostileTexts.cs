namespace TradingEngine.Tests.Browser;

/// <summary>Texts that would run, were they taken for markup. All are names of the wire too: visible, at most 64 characters, without a bar.</summary>
internal static class HostileTexts
{
    public static readonly string[] All =
    [
        "<script>xss()</script>", "<script src=/xss.js></script>", "<img src=x onerror=xss()>", "<img src=x onerror='xss()'>", "\"><img src=x onerror=xss()>",
        "'><img src=x onerror=xss()>", "<svg onload=xss()>", "<svg/onload=xss()>", "<svg><script>xss()</script></svg>", "<body onload=xss()>",
        "<iframe src=javascript:xss()>", "<iframe srcdoc='<script>parent.xss()</script>'>", "<a href=javascript:xss()>x</a>", "javascript:xss()", "<input autofocus onfocus=xss()>",
        "<select autofocus onfocus=xss()>", "<textarea autofocus onfocus=xss()>", "<details open ontoggle=xss()>", "<video><source onerror=xss()></video>", "<audio src=x onerror=xss()>",
        "<marquee onstart=xss()>", "<object data=javascript:xss()>", "<embed src=javascript:xss()>", "<math><mtext><img src=x onerror=xss()>", "<style>*{background:url(/xss)}</style>",
        "<link rel=stylesheet href=/xss.css>", "<meta http-equiv=refresh content=0;url=/xss>", "<base href=//xss/>", "<form action=/xss><button>x</button>", "<button onclick=xss()>x</button>",
        "<div style=position:fixed;inset:0 onmouseover=xss()>", "</td></tr></table><img src=x onerror=xss()>", "</script><script>xss()</script>", "--><script>xss()</script>", "<![cdata[<script>xss()</script>]]>",
        "<template><script>xss()</script></template>", "<noscript><img src=x onerror=xss()></noscript>", "<title><img src=x onerror=xss()></title>", "&lt;script&gt;xss()&lt;/script&gt;", "&#60;img src=x onerror=xss()&#62;",
        "\\u003cscript\\u003exss()\\u003c/script\\u003e", "%3cscript%3exss()%3c/script%3e", "${xss()}", "{{constructor.constructor('xss()')()}}", "\";xss();//",
        "';xss();//", "`;xss();//", "</title><svg onload=xss()>", "<dialog open onclose=xss()>", "<x onclick=xss() tabindex=1>x</x>",
    ];
}
