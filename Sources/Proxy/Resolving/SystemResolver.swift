import Addressing
import CLinux
import Dispatch
import EventLoop
import Glibc
import Synchronization

/// Look-ups by the C library's `getaddrinfo`, which knows `/etc/hosts`, NSS and `resolv.conf` but blocks: so on a bounded
/// number of threads of its own, the rest waiting in line.
public final class SystemResolver: Resolver {
    private struct LookUp: Sendable {
        let name: HostName
        let completion: @Sendable (Resolution) -> Void
    }

    private struct Line {
        var waiting: [LookUp] = []
        /// How many of `waiting` have been taken already.
        var taken = 0
        var running = 0
        var counts = ResolverCounts()

        mutating func next() -> LookUp? {
            guard taken < waiting.count else { return nil }
            taken += 1
            let lookUp = waiting[taken - 1]
            if taken == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                taken = 0
            }
            return lookUp
        }
    }

    private let line = Mutex(Line())
    private let queue = DispatchQueue(label: "sallyport.resolver", attributes: .concurrent)

    /// Look-ups under way at once.
    private static let most = 32

    public init() {}

    public var source: Resolution.Source { .system }

    public var counts: ResolverCounts { line.withLock { $0.counts } }

    public func resolve(_ name: HostName, completion: @escaping @Sendable (Resolution) -> Void) {
        let mustStart = line.withLock { line in
            line.counts.lookUps += 1
            line.waiting.append(LookUp(name: name, completion: completion))
            guard line.running < Self.most else { return false }
            line.running += 1
            return true
        }
        if mustStart { queue.async { self.work() } }
    }

    /// Looks `name` up here and now; the caller waits.
    public static func addresses(of name: HostName) -> [IPAddress] {
        if case .addresses(let addresses) = lookUp(name) { addresses } else { [] }
    }

    // MARK: - Private

    /// One of the threads: look-up after look-up until none waits.
    private func work() {
        while let lookUp = next() {
            let answer = Self.lookUp(lookUp.name)
            line.withLock { $0.counts.ended(answer) }
            lookUp.completion(Resolution(answer, from: source))
        }
    }

    private func next() -> LookUp? {
        line.withLock { line in
            if let next = line.next() { return next }
            line.running -= 1
            return nil
        }
    }

    private static func lookUp(_ name: HostName) -> Resolution.Answer {
        // The C library asks name servers for localhost where no file has it.
        if let special = SpecialName.answer(for: name) { return special.answer }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name.text, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        switch status {
        case 0: return result(of: list)
        case EAI_NONAME, SALLYPORT_NO_DATA, SALLYPORT_NO_ADDRESS_OF_FAMILY: return .notFound
        case EAI_AGAIN: return .timedOut
        default: return .failed
        }
    }

    private static func result(of list: UnsafeMutablePointer<addrinfo>?) -> Resolution.Answer {
        var addresses: [IPAddress] = []
        var entry = list
        while let info = entry?.pointee {
            let bytes = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
            if let address = Endpoint(socketAddress: bytes)?.address, !addresses.contains(address) {
                addresses.append(address)
            }
            entry = info.ai_next
        }
        return addresses.isEmpty ? .notFound : .addresses(addresses)
    }
}
