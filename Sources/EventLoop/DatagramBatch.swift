import Addressing
import CLinux
import Glibc

/// Room for some datagrams that are read in one system call and sent on in another, without being copied in between.
///
/// Confined to its loop: whoever fills it empties it within the same event.
public final class DatagramBatch {
    /// Datagrams that were received.
    public private(set) var count = 0
    private let room: UnsafeMutableRawBufferPointer
    private let received = Messages(DatagramBatch.capacity)
    private let sent = Messages(DatagramBatch.capacity)
    private var sentCount = 0

    public static let capacity = 32
    /// Bytes in front of each datagram, for a header.
    public static let headroom = 32
    /// The longest datagram that IP carries, rounded up; the kernel maps only what is used.
    private static let slot = headroom + (64 << 10)

    /// The vectors of one system call.
    private struct Messages {
        let headers: UnsafeMutablePointer<mmsghdr>
        let vectors: UnsafeMutablePointer<iovec>
        let names: UnsafeMutablePointer<sockaddr_in6>

        init(_ count: Int) {
            headers = .allocate(capacity: count)
            vectors = .allocate(capacity: count)
            names = .allocate(capacity: count)
            vectors.initialize(repeating: iovec(), count: count)
            names.initialize(repeating: sockaddr_in6(), count: count)
            headers.initialize(repeating: mmsghdr(), count: count)
            for index in 0..<count {
                headers[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names + index)
                headers[index].msg_hdr.msg_iov = vectors + index
                headers[index].msg_hdr.msg_iovlen = 1
            }
        }

        func deallocate() {
            headers.deallocate()
            vectors.deallocate()
            names.deallocate()
        }
    }

    init() {
        room = .allocate(byteCount: Self.slot * Self.capacity, alignment: 64)
    }

    deinit {
        received.deallocate()
        sent.deallocate()
        room.deallocate()
    }

    // MARK: - Receiving

    /// Reads what there is, up to `capacity` datagrams.
    ///
    /// - Returns: an error of the socket's, which may be about a datagram sent before; nil also if there was nothing.
    public func receive(from descriptor: CInt) -> Errno? {
        for index in 0..<Self.capacity {
            received.vectors[index].iov_base = room.baseAddress! + index * Self.slot + Self.headroom
            received.vectors[index].iov_len = Self.slot - Self.headroom
            received.headers[index].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
        let result = recvmmsg(descriptor, received.headers, UInt32(Self.capacity), CInt(MSG_DONTWAIT), nil)
        count = max(0, Int(result))
        guard result < 0 else { return nil }
        let error = Errno.last
        return error == .wouldBlock || error == .interrupted ? nil : error
    }

    /// A datagram that was received.
    public func bytes(_ index: Int) -> UnsafeRawBufferPointer {
        let start = room.baseAddress! + index * Self.slot + Self.headroom
        return UnsafeRawBufferPointer(start: start, count: Int(received.headers[index].msg_len))
    }

    /// Who sent it; nil for a family other than IP.
    public func source(_ index: Int) -> Endpoint? {
        let length = Int(received.headers[index].msg_hdr.msg_namelen)
        return Endpoint(socketAddress: UnsafeRawBufferPointer(start: received.names + index, count: length))
    }

    // MARK: - Sending on

    /// Puts a datagram that was received, less its first `dropping` bytes, among those to be sent.
    public func send(_ index: Int, dropping: Int, to destination: Endpoint) {
        append(bytes(index).dropFirst(dropping), to: destination)
    }

    /// The same, with a header of at most `headroom` bytes in front.
    public func send(_ index: Int, behind header: [UInt8], to destination: Endpoint) {
        precondition(header.count <= Self.headroom, "a header that has no room")
        let start = room.baseAddress! + index * Self.slot + Self.headroom - header.count
        header.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        let whole = UnsafeRawBufferPointer(start: start, count: header.count + bytes(index).count)
        append(whole[...], to: destination)
    }

    /// Sends them; what the kernel doesn't take is lost, as datagrams are.
    ///
    /// - Returns: how many it took.
    public func flush(to descriptor: CInt) -> Int {
        var done = 0
        var taken = 0
        while done < sentCount {
            let result = sendmmsg(
                descriptor, sent.headers + done, UInt32(sentCount - done), CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
            if result > 0 {
                done += Int(result)
                taken += Int(result)
            } else if Errno.last == .wouldBlock {
                break
            } else if Errno.last != .interrupted {
                // The first one is at fault, or an error of an earlier one was told: on with the next.
                done += 1
            }
        }
        sentCount = 0
        return taken
    }

    private func append(_ bytes: Slice<UnsafeRawBufferPointer>, to destination: Endpoint) {
        let slice = UnsafeRawBufferPointer(rebasing: bytes)
        sent.vectors[sentCount].iov_base = UnsafeMutableRawPointer(mutating: slice.baseAddress)
        sent.vectors[sentCount].iov_len = slice.count
        sent.headers[sentCount].msg_hdr.msg_namelen = SocketAddress(destination).write(to: sent.names + sentCount)
        sentCount += 1
    }
}
