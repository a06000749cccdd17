import AccessLog
import Addressing
import Policy
import Wire

extension Negotiation {
    /// What is known of a request, for the record; a refusal leaves what had been read until then.
    struct Facts {
        var proto: RequestProtocol?
        /// As sent; empty before there is one. `CONNECT` is one array for all, and so is `GET`.
        var method: [UInt8] = []
        /// What was asked for, as far as it could be read.
        var host: Host?
        var port: Port?
        /// The host as it was sent; empty when it says no more than the normal form.
        var rawHost: [UInt8] = []
        var userAgent: [UInt8] = []
    }
}

extension Negotiation.Facts {
    /// In the policy's words.
    var via: Via {
        switch proto {
        case .http: .http
        case .connect, nil: .connect
        case .socks4: .socks4
        case .socks4a: .socks4a
        case .socks5: .socks5
        case .udp: .udp
        }
    }

    /// - Throws: `HostError` when the destination is no host; the record then has its raw spelling.
    mutating func take(_ request: SOCKS5.Request) throws(HostError) {
        port = request.port
        method = request.command == .connect ? Self.connect : Array(request.command.name.utf8)
        switch request.destination {
        case .address(let address):
            // A UDP association may leave its address open; a tunnel has to lead somewhere.
            if request.command == .udpAssociate {
                rawHost = Array(address.description.utf8)
            } else {
                try setHost(address)
            }
        case .name(let name):
            rawHost = name
            if request.command != .udpAssociate { setHost(try Host(parsing: name.span)) }
        }
    }

    /// - Throws: `HostError` when the destination is no host; the record then has its raw spelling.
    mutating func take(_ request: SOCKS4.Request) throws(HostError) {
        port = request.port
        method = request.command == .connect ? Self.connect : Array(request.command.name.utf8)
        switch request.destination {
        case .address(let address): try setHost(address)
        case .name(let name):
            proto = .socks4a
            rawHost = name
            setHost(try Host(parsing: name.span))
        }
    }

    mutating func take(_ head: HTTP1.RequestHead, from bytes: Span<UInt8>) {
        takeTarget(head, from: bytes)
        if let range = head.fieldSection.value(of: .userAgent) { userAgent = bytes.copy(range) }
    }

    /// - Parameter texts: where the user agent is likely to be known.
    mutating func take(_ head: HTTP1.RequestHead, from bytes: Span<UInt8>, sharing texts: inout RecentTexts) {
        takeTarget(head, from: bytes)
        if let range = head.fieldSection.value(of: .userAgent) { userAgent = texts.shared(bytes.extracting(range)) }
    }

    private mutating func takeTarget(_ head: HTTP1.RequestHead, from bytes: Span<UInt8>) {
        takeMethod(head, from: bytes)
        guard let authority = head.authority else { return }
        host = authority.host
        port = authority.port
        guard let range = head.target.authorityRange else { return }
        let written = bytes.extracting(range)
        let host = written.extracting(Authority.hostRange(in: written))
        if !authority.host.isSpelled(host) { rawHost = host.copy(0..<host.count) }
    }

    // MARK: - Private

    private static let connect = Array("CONNECT".utf8)
    private static let get = Array("GET".utf8)

    private mutating func takeMethod(_ head: HTTP1.RequestHead, from bytes: Span<UInt8>) {
        if head.method == .connect {
            proto = .connect
            method = Self.connect
        } else {
            method = head.method == .get ? Self.get : bytes.copy(head.methodRange)
        }
    }

    /// An address has come as bits, which have no spelling.
    private mutating func setHost(_ address: IPAddress) throws(HostError) {
        do throws(HostError) {
            host = try Host(address)
        } catch {
            rawHost = Array(address.description.utf8)
            throw error
        }
    }

    /// Keeps the raw spelling only where it says more than the normal form.
    private mutating func setHost(_ host: Host) {
        self.host = host
        if host.isSpelled(rawHost.span) { rawHost = [] }
    }
}

extension Span<UInt8> {
    /// The bytes of `range`, in storage of their own.
    fileprivate func copy(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}

extension SOCKS5.Command {
    /// In the words of RFC 1928 §4.
    fileprivate var name: String {
        switch self {
        case .connect: "CONNECT"
        case .bind: "BIND"
        case .udpAssociate: "UDP ASSOCIATE"
        }
    }
}

extension SOCKS4.Command {
    fileprivate var name: String {
        switch self {
        case .connect: "CONNECT"
        case .bind: "BIND"
        }
    }
}
