using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>The first commands on a connection: password, database, name.</summary>
internal static class RespLogin
{
    public static async Task RunAsync(RespConnection connection, RedisAddress address, string name, TimeSpan limit)
    {
        using var buffer = new RespBuffer();
        var commands = 2;
        if (address.Password is { Length: > 0 } password)
        {
            commands++;
            _ = address.User is { Length: > 0 } user
                ? buffer.Command("AUTH", user, password)
                : buffer.Command("AUTH", password);
        }

        if (address.Database != 0)
        {
            commands++;
            buffer.Command(2).Add("SELECT").Add(address.Database);
        }

        buffer.Command("CLIENT", "SETNAME", name).Command("PING");
        var call = new RespCall(commands, limit);
        connection.Send(buffer, call);
        foreach (var reply in await call.Task)
        {
            if (reply.IsErrorOf("WRONGPASS") || reply.IsErrorOf("NOAUTH") || reply.IsErrorOf("ERR AUTH")
                || reply.IsErrorOf("ERR invalid password"))
            {
                throw new StoreRefusedException(
                    $"Redis at {address} refused the login ({reply.Text}): set user and password in the connection string.");
            }

            // NOPERM is for CLIENT SETNAME under a narrow ACL: the name is a convenience.
            if (reply.IsError && !reply.IsErrorOf("NOPERM"))
            {
                throw new StoreException($"Redis at {address} answered '{reply.Text}'.");
            }
        }
    }
}
