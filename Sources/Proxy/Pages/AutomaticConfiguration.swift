import Addressing

/// The script by which browsers and systems find out which addresses they ask the proxy for (`/proxy.pac`, `/wpad.dat`).
///
/// For every engine there is: ECMAScript 3, the functions that all have, and no look-up of a name, ever. Nothing gets into
/// it that isn't a host, a port or a network in normal form.
///
/// Spec: Netscape's Navigator Proxy Auto-Config File Format (1996); nothing newer describes it.
public struct AutomaticConfiguration: Sendable {
    /// What goes straight to its destination.
    public enum Bypass: Hashable, Sendable {
        /// A name with everything below it.
        case name(HostName)
        /// A network, for destinations that are written as addresses.
        case network(IPPrefix)

        /// `corp.example`, `*.corp.example`, `.corp.example`, `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`; nil for all else.
        public init?(_ text: String) {
            if let network = IPPrefix(text) {
                self = .network(network)
                return
            }
            let name = text.hasPrefix("*.") ? text.dropFirst(2) : text.hasPrefix(".") ? text.dropFirst() : text[...]
            guard let host = try? HostName(name) else { return nil }
            self = .name(host)
        }
    }

    /// What is tried when the proxy doesn't answer.
    public struct Fallback: Hashable, Sendable {
        let text: String

        /// The words that browsers know.
        public static let kinds = ["PROXY", "HTTP", "HTTPS", "SOCKS", "SOCKS4", "SOCKS5"]

        /// `DIRECT`, or one of `kinds` and `host:port`; nil for all else.
        public init?(_ text: String) {
            let words = text.split(separator: " ")
            if words == ["DIRECT"] {
                self.text = "DIRECT"
            } else {
                guard words.count == 2, Self.kinds.contains(String(words[0])), let authority = try? Authority(words[1])
                else { return nil }
                self.text = "\(words[0]) \(authority)"
            }
        }
    }

    public var bypasses: [Bypass] = []
    public var fallbacks: [Fallback] = []

    public init() {}

    static let mediaType = "application/x-ns-proxy-autoconfig"

    /// - Parameter proxy: where the client reaches the proxy.
    func script(for proxy: Authority) -> String {
        let ways = (["PROXY \(proxy)"] + fallbacks.map(\.text)).joined(separator: "; ")
        var lines = ["function FindProxyForURL(url, host) {", "  var proxy = \"\(ways)\";"]
        lines.append("  host = host.toLowerCase().replace(/^\\[|\\]$|\\.$/g, \"\");")
        lines.append("  if (host == \"\(OwnName.text)\") { return proxy; }")
        lines.append("  var isV6 = host.indexOf(\":\") >= 0;")
        lines.append("  if (!isV6 && isPlainHostName(host)) { return \"DIRECT\"; }")
        lines += nameLines + fourLines + sixLines
        lines += ["  return proxy;", "}"]
        if !networks(isV4: false).isEmpty { lines += Self.groups }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Private

    private func networks(isV4: Bool) -> [IPPrefix] {
        bypasses.compactMap { bypass in
            guard case .network(let prefix) = bypass, prefix.network.isV4 == isV4 else { return nil }
            return prefix
        }
    }

    private var nameLines: [String] {
        bypasses.compactMap { bypass in
            guard case .name(let name) = bypass else { return nil }
            return "  if (host == \"\(name)\" || dnsDomainIs(host, \".\(name)\")) { return \"DIRECT\"; }"
        }
    }

    /// `isInNet` looks names up: it is asked only about what is an address as it is written.
    private var fourLines: [String] {
        let networks = networks(isV4: true)
        if networks.isEmpty { return [] }
        let byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
        return ["  if (/^\(byte)\\.\(byte)\\.\(byte)\\.\(byte)$/.test(host)) {"]
            + networks.map { network in
                let mask = IPAddress(v4: network.length == 0 ? 0 : UInt32.max << UInt32(32 - network.length))
                return "    if (isInNet(host, \"\(network.network)\", \"\(mask)\")) { return \"DIRECT\"; }"
            } + ["  }"]
    }

    private var sixLines: [String] {
        let networks = networks(isV4: false)
        if networks.isEmpty { return [] }
        return ["  if (isV6) {", "    var bits = bitsOf(host);"]
            + networks.map { network in
                let bits = Self.bits(of: network)
                return "    if (bits.substring(0, \(bits.utf8.count)) == \"\(bits)\") { return \"DIRECT\"; }"
            } + ["  }"]
    }

    /// The bits that count, as text.
    private static func bits(of network: IPPrefix) -> String {
        let address = network.network
        let all = [address.high, address.low].map { half in
            let digits = String(half, radix: 2)
            return String(repeating: "0", count: 64 - digits.utf8.count) + digits
        }
        return String(all.joined().prefix(network.length))
    }

    /// The 128 bits of an IPv6 address as text; of what is none, something that is no network's beginning.
    private static let groups = """
        function bitsOf(address) {
          var tail = address.match(/^(.*:)([0-9]+)\\.([0-9]+)\\.([0-9]+)\\.([0-9]+)$/);
          if (tail) {
            address = tail[1] + (tail[2] * 256 + tail[3] * 1).toString(16) + ":" + (tail[4] * 256 + tail[5] * 1).toString(16);
          }
          var halves = address.split("::");
          var front = halves[0] == "" ? [] : halves[0].split(":");
          var back = halves.length < 2 || halves[1] == "" ? [] : halves[1].split(":");
          if (halves.length > 2 || front.length + back.length > 8) { return "x"; }
          var bits = "";
          for (var i = 0; i < 8; i++) {
            var group = i < front.length ? front[i] : i >= 8 - back.length ? back[i - 8 + back.length] : "0";
            if (!/^[0-9a-f]{1,4}$/.test(group)) { return "x"; }
            bits += (65536 + parseInt(group, 16)).toString(2).substring(1);
          }
          return bits;
        }
        """.split(separator: "\n").map(String.init)
}
