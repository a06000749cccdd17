import Glibc

/// What clocks show in a place: the offsets from Greenwich over the years, out of the system's zone files.
struct TimeZone: Hashable, Sendable {
    /// Seconds since 1970 at which an offset begins, ascending.
    private let turns: [Int64]
    /// The offset from each turn on, in seconds east of Greenwich.
    private let offsets: [Int]
    /// The offset before the first turn.
    private let first: Int
    /// What holds after the last turn.
    private let rest: PosixZone?

    static let utc = TimeZone(rest: .utc)

    init(rest: PosixZone) {
        turns = []
        offsets = []
        first = 0
        self.rest = rest
    }

    init(turns: [Int64], offsets: [Int], first: Int, rest: PosixZone?) {
        self.turns = turns
        self.offsets = offsets
        self.first = first
        self.rest = rest
    }

    /// Seconds east of Greenwich at a time in seconds since 1970.
    func offset(at time: Int64) -> Int {
        var low = 0
        var high = turns.count
        while low < high {
            let middle = (low + high) / 2
            if turns[middle] <= time { low = middle + 1 } else { high = middle }
        }
        if low == turns.count, let rest { return rest.offset(at: time) }
        return low == 0 ? first : offsets[low - 1]
    }

    /// The time at which clocks show midnight at the beginning of a day; where they skip it, the moment of the jump.
    func start(ofDay dayNumber: Int) -> Int64 {
        let shown = Int64(dayNumber) * 86_400
        let guess = shown - Int64(offset(at: shown))
        return shown - Int64(offset(at: guess))
    }
}

extension TimeZone {
    /// A zone by its name, such as `Europe/Berlin`; nil when the system has none of that name.
    init?(named name: String) {
        if name == "UTC" {
            self = .utc
            return
        }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "+"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("/") else { return nil }
        self.init(path: "/usr/share/zoneinfo/" + name)
    }

    /// The machine's: what the variable `TZ` says, else `/etc/localtime`, else UTC.
    static func machine() -> TimeZone {
        if let value = getenv("TZ") {
            let text = String(cString: value)
            let name = text.hasPrefix(":") ? String(text.dropFirst()) : text
            let zone = name.hasPrefix("/") ? TimeZone(path: name) : TimeZone(named: name)
            return zone ?? PosixZone(name).map { TimeZone(rest: $0) } ?? .utc
        }
        return TimeZone(path: "/etc/localtime") ?? .utc
    }

    private init?(path: String) {
        guard let file = try? RegularFile(path: path), let bytes = try? file.contents(limit: 1 << 20) else {
            return nil
        }
        self.init(file: bytes)
    }
}
