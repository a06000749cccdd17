/// Samples and requests that have ended, as they come, for whoever watches.
///
/// Spec: https://html.spec.whatwg.org/multipage/server-sent-events.html
final class EventStream: AdminStream {
    private unowned let board: Board
    private weak var outlet: (any AdminOutlet)?
    private let filter: RecordFilter
    /// The number of the last record that was sent or passed over.
    private var last: UInt64

    static let contentType = "text/event-stream; charset=utf-8"
    /// Of each sample's time so many records are sent, the newest, and so many bytes of them.
    static let mostRecords = 100
    static let mostBytes = 256 << 10

    /// - Returns: nil where too many watch already.
    init?(_ board: Board, _ filter: RecordFilter) {
        self.board = board
        self.filter = filter
        last = board.recent.came
        super.init()
        guard board.begin(self) else { return nil }
    }

    override var isLasting: Bool { true }

    override func ready(_ outlet: any AdminOutlet) {
        let isFirst = self.outlet == nil
        self.outlet = outlet
        if isFirst { outlet.send(Array("retry: 3000\n\n".utf8)) }
    }

    override func closed() {
        outlet = nil
        board.end(self)
    }

    /// Nothing is sent to one who has not taken all from before: they miss it, and are told how much.
    func tell(_ sample: [UInt8], of board: Board) {
        guard let outlet, outlet.isDrained else { return }
        outlet.send(Self.event("sample", sample))
        let came = board.recent.came - last
        guard came > 0 else { return }
        var bytes = 0
        let new = board.recent.newest(Self.mostRecords) { [last] in $0.number > last && self.filter.matches($0.seen) }
            .prefix { entry in
                bytes += entry.line.count
                return bytes <= Self.mostBytes
            }
        last = board.recent.came
        var object = Array("{\"came\":\(came),\"records\":".utf8)
        // An event's data is one line here.
        object += JSONBytes.array(new.map(\.line)).filter { $0 != UInt8(ascii: "\n") }
        object.append(UInt8(ascii: "}"))
        outlet.send(Self.event("records", object))
    }

    private static func event(_ name: String, _ data: [UInt8]) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}
