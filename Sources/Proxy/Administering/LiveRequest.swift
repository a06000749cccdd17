import AccessLog
import Addressing
import EventLoop

/// Somebody's request as long as it is under way: a session, a tunnel, an association, an exchange.
protocol LiveRequest: EventHandler {
    /// The registration of the client's connection: by it each is met once.
    var clientRegistration: Registration { get }

    /// What is known of it now; nil while nothing is under way.
    var live: LiveEntry? { get }

    /// Ends it, with its record.
    func stop(_ why: Refusal)
}

/// What there is to say of a request that is under way.
struct LiveEntry {
    let trace: Trace
    let stage: Stage
    /// Bytes that have passed so far.
    var up: UInt64 = 0
    var down: UInt64 = 0
}

/// Which requests are meant.
enum LiveFilter: Sendable, Equatable {
    case all
    /// A request, or all of a connection where the ordinal is nil.
    case id(ConnectionID, ordinal: UInt32?)
    case user(String)
    case host(Host)
    case like(RecordFilter)

    /// `run-worker-number.ordinal`, as it stands in the log, or without the ordinal.
    init?(id text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let numbers = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard let run = UInt64(parts[0], radix: 16), let worker = UInt16(parts[1]), let number = UInt64(numbers[0]),
            numbers.count <= 2
        else { return nil }
        var ordinal: UInt32?
        if numbers.count == 2 {
            guard let given = UInt32(numbers[1]) else { return nil }
            ordinal = given
        }
        self = .id(ConnectionID(run: run, worker: worker, number: number), ordinal: ordinal)
    }

    func matches(_ trace: Trace, _ connection: ConnectionID) -> Bool {
        switch self {
        case .all: true
        case .id(let id, let ordinal): id == connection && (ordinal ?? trace.ordinal) == trace.ordinal
        case .user(let name): trace.identity?.user == name
        case .host(let host): trace.facts.host == host
        case .like(let filter): filter.matches(trace)
        }
    }
}

extension Trace {
    /// The request's place on its connection, from 1.
    var ordinal: UInt32 { http?.ordinal ?? 1 }
}

// MARK: - Who is one

extension Tunnel: LiveRequest {
    var clientRegistration: Registration { client.registration }
    var live: LiveEntry? {
        isOver ? nil : LiveEntry(trace: trace, stage: .relay, up: up.delivered, down: downDelivered)
    }
}

extension HTTPConnection: LiveRequest {
    var clientRegistration: Registration { client.registration }
    var live: LiveEntry? {
        switch phase {
        case .resting, .answering, .ended: nil
        case .readingHead: trace.map { LiveEntry(trace: $0, stage: .negotiate) }
        case .loggingIn: trace.map { LiveEntry(trace: $0, stage: .authenticate) }
        case .approaching(let approach): trace.map { LiveEntry(trace: $0, stage: approach.stage) }
        case .making: trace.map { LiveEntry(trace: $0, stage: .reply) }
        case .exchanging(let exchange):
            trace.map { LiveEntry(trace: $0, stage: .relay, up: payload(exchange).up, down: payload(exchange).down) }
        }
    }
}
