import Addressing
import Wire

/// A request for one of the proxy's own pages.
struct OwnRequest {
    /// How it found its way here, which decides how its credentials are asked for.
    enum Way {
        /// In origin-form: the proxy is asked as a website.
        case direct
        /// Through the proxy, for `http://sallyport.internal/`.
        case proxied
        /// In a tunnel to `sallyport.internal:80`, whose user is the request's.
        case inside
    }

    enum Page {
        case front, blocked, why, setup, automaticConfiguration, style, none

        fileprivate init(path: some Sequence<UInt8>) {
            self =
                switch String(decoding: Array(path), as: UTF8.self) {
                case "/", "": .front
                case "/blocked": .blocked
                case "/why": .why
                case "/setup": .setup
                case "/proxy.pac", "/wpad.dat": .automaticConfiguration
                case "/style.css": .style
                default: .none
                }
        }
    }

    let way: Way
    let page: Page
    let method: HTTP1.Method
    /// What stands behind the question mark.
    let query: [UInt8]
    /// What the client calls the proxy; nil where it doesn't say, or says what it calls it inside.
    let name: Authority?
    private let isAsterisk: Bool

    init(_ head: HTTP1.RequestHead, _ bytes: UnsafeBufferPointer<UInt8>, _ way: Way) {
        self.way = way
        method = head.method
        let target = bytes[head.target.path]
        page = Page(path: target.prefix { $0 != UInt8(ascii: "?") })
        query = Array(target.drop { $0 != UInt8(ascii: "?") }.dropFirst())
        name = head.authority.flatMap { OwnName.isMeant($0.host) ? nil : $0 }
        isAsterisk = head.target.form == .asterisk
    }

    /// Whether it may have what is about somebody: then they have to say who they are.
    var isPersonal: Bool {
        guard method == .get || method == .head else { return false }
        return page == .blocked || page == .why
    }

    /// Whether it is made by itself, while other connections go on.
    var takesLong: Bool { page == .why && (method == .get || method == .head) && !query.isEmpty }

    /// Whether the name by which the client asks has to be one of the proxy's.
    var isNamed: Bool { way != .proxied && !isAsterisk }
}
