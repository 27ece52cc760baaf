using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>
/// Keeps a second process out of the directory. The operating system holds the lock, so it ends with the process,
/// however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="StoreRefusedException">Another process uses the directory, or it cannot be used at all.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var path = Path.Combine(directory, "engine.lock");
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure.HResult
            is WindowsSharingViolation or WindowsLockViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw new StoreRefusedException(
                $"The data directory {directory} is in use by another silo. The embedded store serves one silo: "
                + "start a second one with --store redis, or give this one another directory with --data.",
                failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or NotSupportedException or ArgumentException)
        {
            throw new StoreRefusedException(
                $"The data directory {directory} cannot be used ({failure.Message}). "
                + "Make it writable, or give another one with --data.",
                failure);
        }
    }

    public void Dispose() => _file.Dispose();
}
