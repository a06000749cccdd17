import CLinux
import Glibc

/// The process's limit on open descriptors: two for each tunnel.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one. Failing is no reason not to start: the proxy refuses what it can't serve.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }

    static var present: UInt {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? UInt(limit.rlim_cur) : 0
    }

    /// Descriptors that are open; nil where the system doesn't tell.
    static var inUse: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        // Reading the folder takes one itself.
        return count - 1
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
