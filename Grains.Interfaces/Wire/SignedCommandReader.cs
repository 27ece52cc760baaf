using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>A command with who gives it, so that it counts once and soon.</summary>
/// <param name="Command">JSON of the command, as text: what is signed is what is read.</param>
/// <param name="Key">Name of the key.</param>
/// <param name="Nonce">A text of chance that no other command of the key has.</param>
/// <param name="Expires">When it ends, whole seconds since 1970.</param>
/// <param name="Signature">HMAC-SHA-256 of <see cref="SignedBytes"/> with the key's secret, 32 bytes.</param>
public sealed record SignedCommand(string Command, string Key, string Nonce, long Expires, ReadOnlyMemory<byte> Signature)
{
    /// <summary>A command ends this long after it was signed, at most.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(10);

    private const string Form = "te-command-1";

    /// <summary>What is signed: form, key, nonce, expiry and command, each ended by a line feed but the last. No part but the last can hold one.</summary>
    public byte[] SignedBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Form}\n{Key}\n{Nonce}\n{Expires}\n{Command}"));

    /// <summary>The signature with a secret.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> secret, string command, string key, string nonce, long expires) =>
        HMACSHA256.HashData(secret, new SignedCommand(command, key, nonce, expires, default).SignedBytes());

    /// <summary>Why it does not count; null where it does, as far as its nonce is new.</summary>
    public string? RefusalOf(CommandKeys keys, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var key = keys.Find(Key, now);

        // Without a key the work is the same, so that how long it takes does not tell which names there are.
        var expected = HMACSHA256.HashData(key is null ? new byte[CommandKey.SecretLength] : key.Secret.Span, SignedBytes());
        if (!CryptographicOperations.FixedTimeEquals(expected, Signature.Span) || key is null)
        {
            return $"the signature does not fit the key {Key}, or there is no such key";
        }

        var ends = DateTimeOffset.FromUnixTimeSeconds(Expires);
        return ends <= now ? "it came after it had ended; sign it anew, and look at the clocks"
            : ends - now > LongestLife + TimeSpan.FromSeconds(1) ? $"it ends in more than {LongestLife.TotalSeconds:0} s; sign it when it is sent, and look at the clocks"
            : null;
    }
}

/// <summary>Reads signed commands.</summary>
public static class SignedCommandReader
{
    private const int LeastNonce = 16;
    private const int MostNonce = 64;
    private const long LastSecond = 9_999_999_999;

    /// <summary>Reads one; null with an error for what is none, and null without for a command that is not signed.</summary>
    public static SignedCommand? Read(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            if (message.Text("signed") is not { } command)
            {
                return null;
            }

            var nonce = message.Text("nonce") ?? throw new WireFieldException("nonce", "absent", "given");
            var signature = message.Text("signature") ?? throw new WireFieldException("signature", "absent", "given");
            var expires = message.Number("expires") ?? throw new WireFieldException("expires", "absent", "given");
            return new SignedCommand(
                command, WireText.Name(message.Text("key") ?? throw new WireFieldException("key", "absent", "given"), "key"),
                nonce.Length is >= LeastNonce and <= MostNonce && nonce.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
                    ? nonce
                    : throw new WireFieldException("nonce", WireText.Shown(nonce), $"{LeastNonce} to {MostNonce} letters, digits, - and _"),
                expires > 0 && expires <= LastSecond && expires == decimal.Truncate(expires)
                    ? (long)expires
                    : throw new WireFieldException("expires", expires.ToString(CultureInfo.InvariantCulture), "whole seconds since 1970"),
                signature.Length == 2 * HMACSHA256.HashSizeInBytes && signature.All(char.IsAsciiHexDigit)
                    ? Convert.FromHexString(signature)
                    : throw new WireFieldException("signature", WireText.Shown(signature), "64 hexadecimal digits"));
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }
}
