import EventLoop
import Glibc

/// What the kernel says of this process.
struct ProcessReading: Sendable {
    /// Bytes of memory that it holds.
    let residentBytes: UInt64
    let descriptors: UInt64
    let mostDescriptors: UInt64
    /// Processor time, microseconds.
    let processorMicroseconds: UInt64

    static func now() -> ProcessReading {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime].map { UInt64($0.tv_sec) * 1_000_000 + UInt64($0.tv_usec) }
        return ProcessReading(
            residentBytes: ResidentMemory.bytes() ?? 0, descriptors: openDescriptors(),
            mostDescriptors: UInt64(limit.rlim_cur), processorMicroseconds: times[0] + times[1])
    }

    private static func openDescriptors() -> UInt64 {
        // The folder's size is their number since Linux 6.2; before that they are counted one by one.
        var status = stat()
        if stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return UInt64(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count: UInt64 = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent and the descriptor of the folder.
        return count - min(count, 3)
    }
}

/// The memory of this process that is in the machine's.
enum ResidentMemory {
    /// Two numbers of a file without a disk; nil where there is none.
    ///
    /// Spec: proc_pid_statm(5).
    static func bytes() -> UInt64? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { room in
            let count = read(descriptor, room.baseAddress, room.count)
            guard count > 0 else { return nil }
            let words = room[..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard words.count > 1 else { return nil }
            var pages: UInt64 = 0
            for digit in words[1] { pages = pages &* 10 &+ UInt64(digit &- UInt8(ascii: "0")) }
            return pages * UInt64(sysconf(CInt(_SC_PAGESIZE)))
        }
    }
}
