import Addressing
import EventLoop
import Wire

/// A client that sends GET requests on a connection that it keeps as long as the proxy does.
final class RequestClient: LoadClient {
    private var request: [UInt8]
    private var scanner = HTTP1.HeadScanner(.response)
    private var head = HTTP1.ResponseHead()
    private var received: [UInt8] = []
    /// Bytes of content that are still to come; nil while the head is awaited.
    private var rest: UInt64?
    /// Whether an answer has come on this connection.
    private var isUsed = false

    override init(_ plan: LoadPlan, _ traffic: Traffic) {
        request = Self.request(of: plan, number: 0)
        super.init(plan, traffic)
    }

    /// The bytes of the request.
    ///
    /// - Parameter number: tells it from others, where the destination is numbered.
    static func request(of plan: LoadPlan, number: UInt64) -> [UInt8] {
        let authority = plan.destination.text(number)
        let target = plan.dialect == .reverse ? "/" : "http://\(authority)/"
        return Array(
            """
            GET \(target) HTTP/1.1\r
            Host: \(authority)\r
            \(plan.credentials.map { "Proxy-Authorization: Basic \($0)\r\n" } ?? "")\
            User-Agent: sallyport-bench\r
            Accept: */*\r
            \r

            """.utf8)
    }

    override func connected() {
        isUsed = false
        if plan.pace == nil { sendRequest() } else { startNext() }
    }

    override func start() {
        if leg == nil { super.start() } else { sendRequest() }
    }

    override func work() {
        while leg?.canRead == true {
            if let rest {
                content(rest)
            } else if let bytes = receive() {
                received += bytes
                readHead()
            }
        }
    }

    /// Some proxies close after each answer, as they may.
    override func ended() {
        guard isUsed, rest == nil, received.isEmpty else { return super.ended() }
        close()
        if traffic.isUnderWay { open() }
    }

    // MARK: - Private

    private func sendRequest() {
        rest = nil
        received.removeAll(keepingCapacity: true)
        scanner = HTTP1.HeadScanner(.response)
        if case .numbered = plan.destination { request = Self.request(of: plan, number: traffic.nextNumber()) }
        began = Instant.now()
        _ = send(request)
    }

    private func readHead() {
        do throws(HTTP1.ParseError) {
            let bytes = received
            guard try scanner.scan(bytes.span) != nil else { return }
            try head.parse(bytes.span)
        } catch {
            return fail("the answer's head: \(error)")
        }
        guard head.status == plan.status else { return fail("answered with \(head.status)") }
        guard case .length(let length) = head.framing(answering: .get) else {
            return fail("the answer's length is not told")
        }
        let early = UInt64(received.count - head.length)
        guard early <= length else { return fail("more came than the answer's length") }
        add(bytes: Int(early))
        rest = length - early
        if early == length { answered() }
    }

    private func content(_ length: UInt64) {
        let count = UInt64(discard(Int(min(length, 1 << 20))))
        // A failure has begun anew.
        guard count > 0 else { return }
        add(bytes: Int(count))
        rest = length - count
        if count == length { answered() }
    }

    private func answered() {
        completed()
        isUsed = true
        if !head.isPersistent { close() }
        startNext()
    }
}
