// One line a network, each with the document that sets it apart. To be compared with the IANA special-purpose registries
// (iana-ipv4-special-registry, iana-ipv6-special-registry) when these change.

extension SpecialRange {
    static let tableV4: [Entry] = [
        entry(.private, "10.0.0.0/8", "RFC 1918"),
        entry(.private, "172.16.0.0/12", "RFC 1918"),
        entry(.private, "192.168.0.0/16", "RFC 1918"),
        entry(.loopback, "127.0.0.0/8", "RFC 1122 section 3.2.1.3"),
        entry(
            .metadata, "169.254.169.254", "AWS, Azure, Google Cloud, Oracle, OpenStack and others: instance metadata"),
        entry(.metadata, "169.254.170.2", "AWS: ECS task metadata and credentials"),
        entry(.metadata, "169.254.170.23", "AWS: EKS Pod Identity credentials"),
        entry(.metadata, "169.254.0.23", "Tencent Cloud: instance metadata"),
        entry(.metadata, "169.254.42.42", "Scaleway: instance metadata"),
        entry(.metadata, "100.100.100.200", "Alibaba Cloud: instance metadata"),
        entry(.metadata, "100.96.0.96", "Volcano Engine: instance metadata"),
        entry(.metadata, "168.63.129.16", "Azure: WireServer"),
        entry(.metadata, "192.0.0.192", "Oracle Cloud Classic: instance metadata"),
        entry(.linkLocal, "169.254.0.0/16", "RFC 3927"),
        entry(.shared, "100.64.0.0/10", "RFC 6598"),
        entry(.multicast, "224.0.0.0/4", "RFC 5771"),
        entry(.documentation, "192.0.2.0/24", "RFC 5737"),
        entry(.documentation, "198.51.100.0/24", "RFC 5737"),
        entry(.documentation, "203.0.113.0/24", "RFC 5737"),
        entry(.reserved, "0.0.0.0/8", "RFC 791 section 3.2: this network"),
        entry(.reserved, "192.0.0.0/24", "RFC 6890 section 2.1: IETF protocol assignments"),
        entry(.reserved, "192.88.99.0/24", "RFC 7526: 6to4 relay anycast, deprecated"),
        entry(.reserved, "198.18.0.0/15", "RFC 2544: benchmarking"),
        entry(.reserved, "240.0.0.0/4", "RFC 1112 section 4; 255.255.255.255: RFC 919 section 7"),
    ]

    static let tableV6: [Entry] = [
        entry(.private, "fc00::/7", "RFC 4193"),
        entry(.loopback, "::1", "RFC 4291 section 2.5.3"),
        entry(.metadata, "fd00:ec2::254", "AWS: instance metadata"),
        entry(.metadata, "fd00:ec2::23", "AWS: EKS Pod Identity credentials"),
        entry(.metadata, "fd20:ce::254", "Google Cloud: instance metadata"),
        entry(.metadata, "fd00:c1::a9fe:a9fe", "Oracle Cloud: instance metadata"),
        entry(.metadata, "fd00:42::42", "Scaleway: instance metadata"),
        entry(.metadata, "fd00:a9fe:a9fe::1", "Akamai: instance metadata"),
        entry(.metadata, "fd00:100::100:200", "Alibaba Cloud: instance metadata"),
        entry(.metadata, "fe80::a9fe:a9fe", "OpenStack: instance metadata"),
        entry(.linkLocal, "fe80::/10", "RFC 4291 section 2.5.6"),
        entry(.multicast, "ff00::/8", "RFC 4291 section 2.7"),
        entry(.documentation, "2001:db8::/32", "RFC 3849"),
        entry(.documentation, "3fff::/20", "RFC 9637"),
        entry(.reserved, "::/96", "RFC 4291 sections 2.5.2 and 2.5.5.1: unspecified; IPv4-compatible, deprecated"),
        entry(.reserved, "64:ff9b:1::/48", "RFC 8215: local-use IPv4/IPv6 translation"),
        entry(.reserved, "100::/64", "RFC 6666: discard-only"),
        entry(.reserved, "100:0:0:1::/64", "RFC 9780: dummy prefix"),
        entry(.reserved, "2001::/23", "RFC 2928: IETF protocol assignments, Teredo (RFC 4380) among them"),
        entry(.reserved, "5f00::/16", "RFC 9602: segment routing identifiers"),
        entry(.reserved, "fec0::/10", "RFC 3879: site-local, deprecated"),
    ]

    /// One bit for each first octet that an address of the table can have.
    static let octetsV4 = octets(of: tableV4, at: 12)
    static let octetsV6 = octets(of: tableV6, at: 0)

    private static func octets(of table: [Entry], at index: Int) -> InlineArray<4, UInt64> {
        var bits: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for entry in table {
            let first = entry.prefix.network.octet(index)
            // A prefix that leaves bits of the octet open covers that many of them; none of the table is shorter.
            let open = max(0, 8 * (index + 1) - entry.prefix.mappedLength)
            for octet in first...(first | (1 << UInt8(open) - 1)) { bits[Int(octet >> 6)] |= 1 << UInt64(octet & 63) }
        }
        return bits
    }

    private static func entry(_ range: SpecialRange, _ text: String, _ source: String) -> Entry {
        guard let prefix = IPPrefix(text) else { preconditionFailure("the table is part of this file: \(text)") }
        return Entry(range: range, prefix: prefix, source: source)
    }
}
