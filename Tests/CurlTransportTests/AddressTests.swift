import CurlTransport
import SyncPorts
import Testing

@Suite("addresses", .timeLimit(.minutes(1)))
struct AddressTests {
    @Test(
        "a refused address is not connected to",
        arguments: ["127.0.0.1", "localhost", "127.1", "0x7f000001", "0"])
    func refused(_ host: String) async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let careful = transport { $0.refusesAddress = { !$0.isPublic } }
            let error = try await failure(
                of: HTTPRequest(url: "http://\(host):\(server.port)/"), over: careful)
            #expect(error.code == .refusedAddress)
            #expect(error.detail.contains("must not reach"))
            #expect(server.accepted == 0)
        }
    }

    @Test("a redirect to a refused address is not connected to")
    func refusedRedirect() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { inner in
            let target = "http://127.0.0.2:\(inner.port)/"
            try await LoopbackServer.answering({ _ in answer("302 Found", ["Location: \(target)"]) }) {
                outer in
                let careful = transport { $0.refusesAddress = { $0 == ResolvedAddress("127.0.0.2") } }
                let error = try await failure(
                    of: HTTPRequest(url: outer.url(), maximumRedirects: 3), over: careful)
                #expect(error.code == .refusedAddress)
                #expect(error.detail.contains("127.0.0.2"))
            }
        }
    }

    @Test("an address that is not refused is connected to")
    func allowed() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let careful = transport { $0.refusesAddress = { $0.isPrivate || $0.isLinkLocal } }
            try await #expect(careful.send(HTTPRequest(url: server.url())).status == 200)
        }
    }

    @Test(
        "loopback is known in all its spellings",
        arguments: [
            "127.0.0.1", "127.255.0.9", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ])
    func loopback(_ text: String) throws {
        let address = try #require(ResolvedAddress(text))
        #expect(address.isLoopback && !address.isPrivate && !address.isLinkLocal && !address.isPublic)
    }

    @Test(
        "link-local addresses are known",
        arguments: ["169.254.169.254", "fe80::1", "febf::1", "::ffff:169.254.1.1"])
    func linkLocal(_ text: String) throws {
        let address = try #require(ResolvedAddress(text))
        #expect(address.isLinkLocal && !address.isPrivate && !address.isLoopback && !address.isPublic)
    }

    @Test(
        "private addresses are known",
        arguments: [
            "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.0.1", "fc00::1",
            "fdff::1",
            "fec0::1", "::ffff:10.1.2.3", "64:ff9b::a01:203",
        ])
    func privateNetwork(_ text: String) throws {
        let address = try #require(ResolvedAddress(text))
        #expect(address.isPrivate && !address.isLinkLocal && !address.isLoopback && !address.isPublic)
    }

    @Test(
        "reserved addresses are not public",
        arguments: [
            "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "ff02::1",
            "2001:db8::1", "100::1", "2001::1", "64:ff9b:1::1",
        ])
    func reserved(_ text: String) throws {
        #expect(try #require(ResolvedAddress(text)).isPublic == false)
    }

    @Test(
        "public addresses are public",
        arguments: [
            "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "169.253.0.1", "192.167.0.1",
            "223.0.0.1",
            "2606:4700::1111", "::ffff:1.1.1.1", "2a00::1",
        ])
    func publicAddress(_ text: String) throws {
        #expect(try #require(ResolvedAddress(text)).isPublic)
    }

    @Test(
        "an address reads back as it was written",
        arguments: ["127.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.1"])
    func roundTrip(_ text: String) {
        #expect(ResolvedAddress(text)?.description == text)
    }

    @Test("what is no address is none", arguments: ["", "localhost", "127.1", "1.2.3.4.5", "::g"])
    func noAddress(_ text: String) {
        #expect(ResolvedAddress(text) == nil)
    }
}
