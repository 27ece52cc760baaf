using TradingEngine.Silo.Hosting;

return await SiloProgram.RunAsync(args);
