import FeedFormats
import Testing

@Suite("The pictures in a text")
struct HTMLPicturesTests {
    @Test("each address is found once, in order, made absolute; other schemes are left out")
    func found() {
        let html = """
            <p>One <img src="/a.png" alt="A"> two <IMG SRC='https://other.example/b.jpg'>
            <img src="/a.png"><img src="data:image/png;base64,AAAA"><img src="javascript:x"></p>
            """
        #expect(
            HTMLPictures.addresses(in: html, base: "https://m.example/x/") == [
                "https://m.example/a.png", "https://other.example/b.jpg",
            ])
    }

    @Test("a text without pictures has none", arguments: ["", "plain", "<p>an image < im", "<i>m</i>"])
    func none(_ html: String) { #expect(HTMLPictures.addresses(in: html, base: nil).isEmpty) }

    @Test("no more than a hundred are looked at")
    func bounded() {
        let html = (0..<500).map { "<img src='https://m.example/\($0)'>" }.joined()
        #expect(HTMLPictures.addresses(in: html, base: nil).count == HTMLPictures.maximumCount)
    }
}
