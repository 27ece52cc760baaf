namespace TradingEngine.Trading.Market;
public sealed record Instrument(string Symbol, AssetClass AssetClass, decimal ContractSize, decimal LotStep, decimal MinQuantity, decimal TickSize, string QuoteCurrency, string BaseCurrency, bool IsInverse = false, int PriceDecimals = 2);
