import CLinux
import Glibc

/// How many descriptors this process and its children may have open.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one: thousands of tunnels have two descriptors each on either side.
    static func raise() {
        guard var limit = limits else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    static var current: Int {
        Int(min(limits?.rlim_cur ?? 1024, 1 << 20))
    }

    private static var limits: rlimit? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    }
}
