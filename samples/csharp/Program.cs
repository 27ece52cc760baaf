using TradingEngine.Client;

// Another address: dotnet run --project samples/csharp -- 10.0.0.5:30000
var gateway = args is [var text, ..] && GatewayAddress.TryParse(text, out var given) ? given : GatewayAddress.Local;
await using var engine = await TradingEngineClient.ConnectAsync(new TradingEngineClientOptions { Gateway = gateway });

Console.WriteLine($"mode: {(await engine.GetEngineStatusAsync()).Mode}");
Console.WriteLine($"pause: {(await engine.PauseAsync()).Status}");
Console.WriteLine($"resume: {(await engine.ResumeAsync()).Status}");
Console.WriteLine($"running: {await engine.IsRunningAsync()}");

var store = await engine.GetRedisStatusAsync();
Console.WriteLine($"store: connected {store.Connected}, {store.LatencyMs} ms, {store.Persistence}");
