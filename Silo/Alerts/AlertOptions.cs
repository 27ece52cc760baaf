using TradingEngine.Silo.Hosting;

namespace TradingEngine.Silo.Alerts;

/// <summary>Where alerts are sent. Its secrets are never shown.</summary>
/// <param name="Webhook">Address that takes them as JSON; null for none.</param>
/// <param name="WebhookSecret">Key of the signature that goes with them; null for none.</param>
/// <param name="TelegramChat">Chat that is written to; null for none.</param>
/// <param name="TelegramToken">Token of the bot that writes.</param>
/// <param name="TelegramAddress">Address of Telegram's API.</param>
internal sealed record AlertOptions(Uri? Webhook, string? WebhookSecret, string? TelegramChat, string? TelegramToken, Uri TelegramAddress)
{
    private const string SecretVariable = "TRADING_ENGINE_ALERT_WEBHOOK_SECRET";
    private const string TokenVariable = "TRADING_ENGINE_TELEGRAM_TOKEN";
    private const string AddressVariable = "TRADING_ENGINE_TELEGRAM_API";
    private const string Telegram = "https://api.telegram.org";

    /// <summary>The settings, in the order of the help.</summary>
    public static readonly Setting WebhookSetting = new("alert-webhook", "",
        $"Address that alerts are sent to as JSON; with {SecretVariable} in the environment they are signed: docs/observability.md.") { IsSecret = true };

    /// <inheritdoc cref="WebhookSetting"/>
    public static readonly Setting ChatSetting = new("alert-telegram-chat", "",
        $"Telegram chat that alerts are written to; the bot's token comes from {TokenVariable} alone.");

    /// <summary>Reads them; null where no alerts are sent.</summary>
    public static AlertOptions? Read(SettingSource source)
    {
        var (address, origin) = source.Find(WebhookSetting);
        Uri? webhook = null;
        if (address.Length > 0 && (!Uri.TryCreate(address, UriKind.Absolute, out webhook) || webhook.Scheme is not ("http" or "https")))
        {
            // It may hold a secret, so it is not repeated.
            return source.Wrong<AlertOptions?>(WebhookSetting, $"{origin} is no address; use https://<host>/<path>");
        }

        var (chat, chatOrigin) = source.Find(ChatSetting);
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (chat.Length > 0 && string.IsNullOrWhiteSpace(token))
        {
            return source.Wrong<AlertOptions?>(ChatSetting, $"{chatOrigin} is {chat}, but {TokenVariable} is not set; set it to the token of the bot that writes there");
        }

        var telegram = Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } other ? other : Telegram;
        if (!Uri.TryCreate(telegram.TrimEnd('/') + "/", UriKind.Absolute, out var api))
        {
            return source.Wrong<AlertOptions?>(ChatSetting, $"{AddressVariable} is no address; use {Telegram}");
        }

        return webhook is null && chat.Length == 0
            ? null
            : new AlertOptions(
                webhook, Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret ? secret : null,
                chat.Length == 0 ? null : chat, token, api);
    }
}
