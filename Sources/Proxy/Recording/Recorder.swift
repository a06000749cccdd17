import AccessLog
import Addressing
import EventLoop
import Policy

/// A worker's hand at the log: makes records out of traces, and gives them to the writer at the end of each turn.
final class Recorder {
    private let index: UInt16
    private let run: UInt64
    private let log: LogWriter?
    /// What the listener's index in a trace means.
    var listeners: [Endpoint] = []
    private var queries: QueryTreatment
    private var queryKey: HMAC
    private var pseudonyms: Pseudonyms?
    /// Where requests that have ended are noted for operators, as they are: names for clients are the log's. Nil where nobody
    /// can ask.
    var tap: RecordTap?
    private let batch = RecordBatch()
    private var record = Record()
    private var decisions = DecisionMemory()

    /// - Parameters:
    ///   - run: milliseconds since the epoch when the server started.
    ///   - log: nil where records are not wanted.
    init(_ log: LogWriter?, worker index: UInt16, run: UInt64, _ privacy: Configuration.Privacy) {
        self.log = log
        self.index = index
        self.run = run
        queries = privacy.queries
        queryKey = HMAC(key: privacy.key)
        pseudonyms = privacy.hidesClients ? Pseudonyms(key: privacy.key) : nil
    }

    /// Tells another amount from now on.
    func change(to privacy: Configuration.Privacy) {
        queries = privacy.queries
        queryKey = HMAC(key: privacy.key)
        pseudonyms = privacy.hidesClients ? Pseudonyms(key: privacy.key) : nil
    }

    /// Whether the log takes nothing at present.
    var isStalled: Bool { log?.isStalled == true }

    func connectionID(_ trace: Trace) -> ConnectionID {
        ConnectionID(run: run, worker: index, number: trace.number)
    }

    /// Writes a request's one final record.
    ///
    /// - Parameter ruleset: the one in force.
    func write(_ trace: Trace, _ ending: Ending, by ruleset: Ruleset, now: Instant) {
        guard log != nil || tap != nil else { return }
        begin(trace)
        decisions.fill(&record, trace.verdict, by: ruleset, explanation: ending.explanation)
        trace.fill(&record, ending, now: now)
        let isMade = log != nil && pseudonyms == nil
        if isMade { end() }
        // The log's own line, but for names that stand in it for clients.
        tap?.note(trace, record.connection) { if isMade { batch.appendLast(to: &$0) } else { record.append(to: &$0) } }
        if log != nil, !isMade { end() }
    }

    /// Writes that a tunnel is open, for the first time (`open`) or again (`update`), with its totals so far.
    func write(
        _ trace: Trace, _ kind: Record.Kind, up: UInt64, down: UInt64, by ruleset: Ruleset, now: Instant
    ) {
        guard log != nil else { return }
        begin(trace)
        decisions.fill(&record, trace.verdict, by: ruleset, explanation: nil)
        record.kind = kind
        record.up = up
        record.down = down
        record.durations.total = now.microseconds(since: trace.accepted)
        end()
    }

    /// Gives the turn's records away.
    func turnEnded() {
        if !batch.isEmpty { log?.submit(batch) }
    }

    // MARK: - Private

    private func begin(_ trace: Trace) {
        record.reset()
        record.connection = connectionID(trace)
        record.listener = listeners[Int(trace.listener)]
        let http = trace.http
        trace.fill(&record, http)
        if trace.facts.host == nil, !trace.facts.isSOCKS, !trace.facts.rawHost.isEmpty {
            record.setRefusedTarget(trace.facts.rawHost.span, query: queries, key: queryKey)
        }
        guard let http else { return }
        let (path, referer) = (http.path, http.referer)
        if !path.isEmpty { record.setPath(path.span, query: queries, key: queryKey) }
        if !referer.isEmpty { record.setReferer(referer.span, query: queries, key: queryKey) }
    }

    private func end() {
        end(&record)
    }

    /// One access to the record, which otherwise would be copied to be appended.
    private func end(_ record: inout Record) {
        pseudonyms?.apply(to: &record)
        batch.append(record)
    }
}
