import Addressing
import EventLoop
import Foundation
import Testing

@testable import Proxy

@Suite("Signing in to the dashboard from elsewhere")
struct SignInTests {
    private static let token = "0123456789abcdef+/="

    private static func rig() throws -> AdminRig {
        try AdminRig(try RunningProxy(), token: token, trustsLoopback: false)
    }

    private static func cookie(_ answer: AdminRig.Answer) -> String? {
        answer.head.split(separator: "\r\n").first { $0.hasPrefix("Set-Cookie: ") }
            .map { String($0.dropFirst("Set-Cookie: ".count).prefix { $0 != ";" }) }
    }

    private static func signIn(_ rig: AdminRig, _ token: String, _ fields: String = "") throws -> AdminRig.Answer {
        let value = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let body = "token=\(value)"
        return try rig.ask(
            "POST /signin",
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\(fields)",
            body: body)
    }

    @Test("Without the token there is the form and its looks, and nothing else")
    func closed() throws {
        let rig = try Self.rig()
        let form = try rig.ask("GET /")
        #expect(
            form.status == 401 && form.text.contains("action=\"/signin\"") && form.text.contains("type=\"password\""))
        #expect(form.head.contains("default-src 'none'") && !form.text.contains("dashboard.js"))
        #expect(try rig.ask("GET /dashboard.css").status == 200)
        for path in ["/dashboard.js", "/events", "/records", "/top", "/history", "/explain?host=a", "/live", "/status"]
        {
            #expect(try rig.ask("GET \(path)").status == 401, "\(path)")
        }
        #expect(try rig.ask("GET /records", "Cookie: sallyport_session=\r\n").status == 401)
        #expect(try rig.ask("GET /records", "Cookie: sallyport_session=\(Self.token)\r\n").status == 401)
        #expect(try rig.ask("GET /records?token=\(Self.token)").status == 401)
        #expect(try rig.ask("GET /records", "Authorization: Bearer \(Self.token)\r\n").status == 200)
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("The token in the form is exchanged for a cookie that scripts and other sites can't use; signing out ends it")
    func session() throws {
        let rig = try Self.rig()
        for wrong in ["", "0123456789abcdef", Self.token + "x", "<script>"] {
            let answer = try Self.signIn(rig, wrong)
            #expect(answer.status == 403 && Self.cookie(answer) == nil && !answer.text.contains("<script"), "\(wrong)")
        }
        #expect(try Self.signIn(rig, Self.token, "Origin: http://evil.example\r\n").status == 403)
        let answer = try Self.signIn(rig, Self.token)
        #expect(answer.status == 303 && answer.head.contains("\r\nLocation: /\r\n"))
        #expect(answer.head.contains("; HttpOnly; SameSite=Strict"))
        #expect(!answer.head.contains(Self.token) && answer.body.isEmpty)
        let cookie = try #require(Self.cookie(answer))
        #expect(cookie.count == "sallyport_session=".count + 64)
        let fields = "Cookie: a=b; \(cookie)\r\n"
        #expect(try rig.ask("GET /", fields).text.contains("/dashboard.js"))
        #expect(try rig.ask("GET /records", fields).status == 200)
        #expect(try rig.ask("POST /kill?user=a", fields + "Origin: http://evil.example\r\n").status == 403)
        let second = try #require(Self.cookie(try Self.signIn(rig, Self.token)))
        #expect(second != cookie)
        #expect(try rig.ask("POST /signout", fields).status == 303)
        #expect(try rig.ask("GET /records", fields).status == 401)
        #expect(try rig.ask("GET /records", "Cookie: \(second)\r\n").status == 200)
        try rig.stop()
        _ = try rig.proxy.finish()
    }

    @Test("Sessions end after twelve hours, and the oldest where there are too many")
    func bounds() {
        var sessions = AdminSessions()
        let start = Instant.now()
        let first = sessions.begin(at: start)
        let almost = sessions.holds(first, at: start.advanced(by: .seconds(12 * 3600 - 1)))
        let over = sessions.holds(first, at: start.advanced(by: .seconds(12 * 3600)))
        #expect(almost && !over)
        let all = (0...AdminSessions.most).map { _ in sessions.begin(at: start) }
        #expect(sessions.count == AdminSessions.most && Set(all).count == all.count)
        let held = ([all[0], all[1], nil, ""] as [String?]).map { sessions.holds($0, at: start) }
        #expect(held == [false, true, false, false])
    }
}
