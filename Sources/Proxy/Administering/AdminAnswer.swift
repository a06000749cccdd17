/// What a route makes of a request.
enum AdminAnswer {
    case whole(AdminContent)
    /// Its bytes come one after the other, perhaps for as long as the client stays.
    case stream(contentType: String, AdminStream)
}

/// An answer that is there at once.
struct AdminContent {
    var status: UInt16 = 200
    var contentType = "text/plain; charset=utf-8"
    /// Further fields, each with its line end.
    var fields = ""
    var body: [UInt8]

    init(_ text: String, contentType: String = "text/plain; charset=utf-8") {
        self.contentType = contentType
        body = Array(text.utf8)
    }

    init(_ body: [UInt8], contentType: String) {
        self.contentType = contentType
        self.body = body
    }

    init(_ refusal: AdminRefusal) {
        status = refusal.status
        fields = refusal.fields
        body = Array("\(refusal.explanation)\n".utf8)
    }
}

/// Makes an answer's bytes as the client takes them: a listing that is fetched in parts, or events that come when they come.
/// Confined to the interface's loop.
class AdminStream {
    /// Whether it may be silent for as long as it likes. Otherwise a stream that is silent for `AdminConnection.patience`
    /// is cut off.
    var isLasting: Bool { false }

    /// The client has taken all so far: more may be sent, now or later. Called first when the answer begins.
    func ready(_ outlet: any AdminOutlet) {}

    /// The client has gone, or the connection was ended; nothing more may be sent.
    func closed() {}
}

/// Where a stream's bytes go.
protocol AdminOutlet: AnyObject {
    /// Whether the client's kernel has taken all that was sent: a stream that may leave something out looks at it first.
    var isDrained: Bool { get }

    /// Bytes that the client doesn't take at once are held; one that leaves more than `AdminConnection.maxHeldBytes` there
    /// is cut off.
    func send(_ bytes: [UInt8])

    /// The answer is whole.
    func end()
}
