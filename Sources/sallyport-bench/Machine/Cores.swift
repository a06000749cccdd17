import CLinux
import Glibc

/// The processor cores that this process may use, and threads held to some of them.
struct Cores: Sendable {
    /// Those of this process when it began; to be asked for before any thread is confined.
    static let machine = available()

    /// Numbers of the cores, ascending.
    let numbers: [Int]

    /// Where the proxies under test run; nil when there is only one core for everything.
    var proxy: Int? { numbers.count > 1 ? numbers[0] : nil }
    /// Where the load runs.
    var load: Int? { numbers.count > 1 ? numbers[1] : nil }

    /// Room for 1024 cores, as in the C library's `cpu_set_t`.
    private static let words = 16
    private static let maskBytes = words * MemoryLayout<UInt>.size

    /// The cores that the calling thread may use now.
    private static func available() -> Cores {
        var mask = [UInt](repeating: 0, count: words)
        guard sched_getaffinity(0, maskBytes, &mask) >= 0 else { return Cores(numbers: [0]) }
        return Cores(
            numbers: (0..<words * UInt.bitWidth).filter { mask[$0 / UInt.bitWidth] >> ($0 % UInt.bitWidth) & 1 == 1 })
    }

    /// Holds the calling thread, and all threads and processes that it will start, to one core.
    static func confine(to core: Int) {
        var mask = [UInt](repeating: 0, count: words)
        mask[core / UInt.bitWidth] = 1 << (core % UInt.bitWidth)
        sched_setaffinity(0, maskBytes, mask)
    }
}
