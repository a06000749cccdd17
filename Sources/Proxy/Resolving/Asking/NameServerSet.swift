import Addressing
import EventLoop

/// The name servers of one state of the settings, and the sockets to them. Look-ups keep the set with which they began.
final class NameServerSet {
    var ranking: NameServers
    /// By server.
    private var sockets: [[QuerySocket]]

    /// Sockets to one server; beyond them queries share.
    static let mostSockets = 64
    /// A socket that has carried so many queries gets no more if there is another: its port has been seen often enough.
    static let mostUses = 256

    init(_ settings: ResolverSettings) {
        ranking = NameServers(settings.servers, rotates: settings.rotates)
        sockets = settings.servers.map { _ in [] }
    }

    /// A socket for the next query to `server`: a fresh one as a rule, with a port of its own. The two queries of one name,
    /// which go out in one turn, share it.
    func socket(
        to server: Int, for client: DNSClient, using random: inout some RandomNumberGenerator
    ) throws(Errno) -> QuerySocket {
        if let last = sockets[server].last, last.uses < 2, last.opened == client.loop.now { return last }
        if sockets[server].count < Self.mostSockets {
            do throws(Errno) {
                let socket = try QuerySocket(to: server, in: self, for: client)
                sockets[server].append(socket)
                return socket
            } catch {
                // Without descriptors an open socket is better than none.
                guard !sockets[server].isEmpty else { throw error }
            }
        }
        let unspent = sockets[server].filter { $0.uses < Self.mostUses }
        let choice = unspent.isEmpty ? sockets[server] : unspent
        return choice[Int.random(in: choice.indices, using: &random)]
    }

    func closed(_ socket: QuerySocket) {
        guard let index = sockets[socket.server].firstIndex(where: { $0 === socket }) else { return }
        sockets[socket.server].swapAt(index, sockets[socket.server].count - 1)
        sockets[socket.server].removeLast()
    }
}
