import Addressing

/// The listeners there are and those there were. A connection keeps the place of its listener, and so a place is never
/// given to another when its listener is gone.
struct ListenerTable: Sendable {
    struct Place: Sendable {
        /// As it is configured, port 0 included.
        let configured: Endpoint
        /// Where it listens or listened, port resolved.
        let endpoint: Endpoint
        /// See `Configuration.Listener`.
        var balancers: [IPPrefix]?
        /// Nil once the listener is removed.
        var socket: ListeningSocket?
    }

    private(set) var places: [Place] = []

    /// As many as a connection's note of its listener can tell apart.
    private static let most = Int(UInt16.max)

    /// Listeners that listen now.
    var sockets: [ListeningSocket] { places.compactMap(\.socket) }
    var endpoints: [Endpoint] { sockets.map(\.endpoint) }
    /// All that leads to them.
    var destinations: [Endpoint] {
        endpoints + sockets.filter(\.isDual).map { Endpoint(.anyV4, $0.endpoint.port) }
    }

    init(_ places: [Place] = []) {
        self.places = places
    }

    /// What has to be done for other listeners than those there are.
    struct Difference {
        /// Places that are no longer wanted.
        var gone: [Int] = []
        var new: [Configuration.Listener] = []
    }

    /// Takes over the balancers of the listeners that stay.
    mutating func compare(with wanted: [Configuration.Listener]) -> Difference {
        var difference = Difference()
        var left = wanted
        for index in places.indices where places[index].socket != nil {
            if let match = left.firstIndex(where: { $0.endpoint == places[index].configured }) {
                places[index].balancers = left.remove(at: match).balancers
            } else {
                difference.gone.append(index)
            }
        }
        difference.new = left
        return difference
    }

    /// Gives a new listener a place: that of one that was the same, so that places are not used up by coming and going.
    ///
    /// - Returns: false if there are no more.
    mutating func add(_ place: Place) -> Bool {
        let former = places.firstIndex { $0.socket == nil && $0.endpoint == place.endpoint }
        if let former {
            places[former] = place
        } else if places.count < Self.most {
            places.append(place)
        } else {
            return false
        }
        return true
    }

    mutating func remove(at index: Int) {
        places[index].socket = nil
    }

    /// Gives a place another socket of the same endpoint.
    mutating func put(_ socket: ListeningSocket?, at index: Int) {
        places[index].socket = socket
    }
}
