import Wire

/// One thing that can be asked of the interface.
struct AdminRoute {
    let method: HTTP1.Method
    let path: String
    /// One line for those who look what there is.
    let summary: String
    let answer: (AdminRequest) throws(AdminRefusal) -> AdminAnswer

    init(
        _ method: HTTP1.Method, _ path: String, _ summary: String,
        _ answer: @escaping (AdminRequest) throws(AdminRefusal) -> AdminAnswer
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.answer = answer
    }
}

/// Finds who answers a request.
struct AdminRouter {
    let routes: [AdminRoute]

    func answer(_ request: AdminRequest) throws(AdminRefusal) -> AdminAnswer {
        let there = routes.filter { $0.path == request.path }
        let method: HTTP1.Method = request.method == .head ? .get : request.method
        guard !there.isEmpty else {
            let all = routes.map { "\($0.method == .post ? "POST" : "GET") \($0.path)  \($0.summary)" }
            throw AdminRefusal(
                404, "There is no \(printable(request.path)) here. There are:\n" + all.joined(separator: "\n"))
        }
        guard let route = there.first(where: { $0.method == method }) else {
            let allowed = there.map { $0.method == .post ? "POST" : "GET, HEAD" }.joined(separator: ", ")
            throw AdminRefusal(405, "\(request.path) takes \(allowed).", fields: "Allow: \(allowed)\r\n")
        }
        return try route.answer(request)
    }

    private func printable(_ path: String) -> String {
        String(path.unicodeScalars.prefix(100).filter { $0.value >= 0x20 && $0.value != 0x7f })
    }
}
