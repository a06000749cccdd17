@testable import Wire

/// ClientHellos, made to order and as OpenSSL 3.0 sends them.
struct ClientHelloFixture {
    var session: [UInt8] = [UInt8](repeating: 7, count: 32)
    var suites: [UInt8] = [0x13, 0x01, 0x13, 0x02]
    /// Type and body, in order; nil for a message that ends before them.
    var extensions: [(type: UInt16, body: [UInt8])]? = []

    static func named(_ name: String) -> ClientHelloFixture {
        ClientHelloFixture(extensions: [(0, serverName(name))])
    }

    static func serverName(_ name: String, type: UInt8 = 0) -> [UInt8] {
        vector(2, [type] + vector(2, Array(name.utf8)))
    }

    static func protocols(_ names: [String]) -> [UInt8] {
        vector(2, names.flatMap { vector(1, Array($0.utf8)) })
    }

    static func vector(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
        var vector: [UInt8] = []
        for shift in (0..<width).reversed() { vector.append(UInt8(truncatingIfNeeded: bytes.count >> (8 * shift))) }
        return vector + bytes
    }

    /// The handshake message.
    var message: [UInt8] {
        var body: [UInt8] = [3, 3] + [UInt8](repeating: 9, count: 32)
        body += Self.vector(1, session) + Self.vector(2, suites) + Self.vector(1, [0])
        if let extensions {
            body += Self.vector(
                2, extensions.flatMap { [UInt8($0.type >> 8), UInt8($0.type & 0xff)] + Self.vector(2, $0.body) })
        }
        return [1] + Self.vector(3, body)
    }

    /// The message in one record.
    var bytes: [UInt8] { Self.records(message, of: 1 << 14) }

    /// A message in records of at most `size` bytes.
    static func records(_ message: [UInt8], of size: Int) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap { start in
            [22, 3, 1] + vector(2, Array(message[start..<min(start + size, message.count)]))
        }
    }

    /// To www.example.com, offering h2 and http/1.1.
    static let openSSL =
        bytes(
            """
            1603010200010001fc03039111284298fecbdf066cfcc2fa0dea9358bb3925c14c82751e80a4c524b38ad3204ffdba99e7814a98b58f3c76
            7422ec3c8c1f24bb9c4498990e9a27fb0fc5f3550024130213031301c02cc030c02bc02fcca9cca8c024c028c023c027009f009e006b0067
            00ff0100018f00000014001200000f7777772e6578616d706c652e636f6d000b000403000102000a00160014001d0017001e001900180100
            0101010201030104002300000010000e000c02683208687474702f312e310016000000170000000d002a0028040305030603080708080809
            080a080b080408050806040105010601030303010302040205020602002b00050403040303002d00020101003300260024001d0020a83b4d
            6de0cb1489857069a503b61c9c7dfa92e04f45a90888ec88044aa3425e001500cc
            """) + [UInt8](repeating: 0, count: 204)

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
