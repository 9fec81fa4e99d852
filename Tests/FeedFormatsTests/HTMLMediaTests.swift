import FeedFormats
import Testing

@Suite("Images and players in a body")
struct HTMLMediaTests {
    private func clean(_ html: String) -> String { HTMLSanitizer.sanitize(html, base: "https://p.example/a/") }

    @Test(
        "what counts its readers goes, however it is written",
        arguments: [
            "<img src=/p width=1>", "<img src=/p height=0>", "<img src=/p width='1px' height='1px'>",
            "<img src=/p style='height:1px'>", "<img src=/p style=' WIDTH : 0 ; border:0'>", "<img src=/p hidden>",
            "<img src=/p style='max-width:1px'>", "<img src=/p style='opacity:0'>",
            "<img src='http://feeds.feedburner.com/~r/paper/~4/x' width=640>",
            "<img src='//feeds.feedburner.com/~ff/paper?d=yIl2AUoC8zA'>",
            "<img src='http://da.feedsportal.com/r/1.img'>",
            "<img src='https://ad.doubleclick.net/x'>", "<img src='https://stats.wordpress.com/b.gif?v=1'>",
            "<img src='https://www.google-analytics.com/collect?v=1'>", "<img src='https://www.facebook.com/tr?id=1'>",
            "<img src='https://user@PIXEL.wp.com:443/x'>", "<img src='https://news.example/matomo.php?idsite=1'>",
            "<img data-src='https://sb.scorecardresearch.com/p?c1=2'>", "<image src=/p width=1>",
        ])
    func trackers(html: String) {
        #expect(clean("a\(html)b") == "ab")
    }

    @Test(
        "an image that only looks like a counter stays",
        arguments: [
            "<img src='https://notdoubleclick.net/a.jpg'>",
            "<img src='https://p.example/feeds.feedburner.com/~r/a.jpg'>",
            "<img src='https://p.example/?u=https://pixel.wp.com/'>", "<img src='/a.jpg' style='width:0.5em'>",
            "<img src='/a.jpg' width='1%'>", "<img src='/a.jpg' width='100%' height=10>",
            "<img src='/a.jpg' style='opacity:0.9'>",
        ])
    func images(html: String) {
        #expect(clean(html).hasPrefix("<img src=\"https://"))
    }

    @Test("a redirector and the parameters of a link are left alone")
    func links() {
        let address = "https://feeds.feedburner.com/~r/paper/~3/x?utm_source=feed"
        #expect(clean("<a href='\(address)'>t</a>") == "<a href=\"\(address)\">t</a>")
    }

    @Test(
        "an image that a script would load gets the address the script would take",
        arguments: [
            "<img src='data:image/gif;base64,R0' data-src='/r.jpg'>", "<img src=/blank.gif data-src=/r.jpg class=lazy>",
            "<img data-lazy-src=/r.jpg>", "<img src=/spacer.gif data-original='/r.jpg'>",
            "<img data-src=lazyload src=/r.jpg>",
            "<img data-srcset='/s.jpg 320w, /r.jpg 1280w, /m.jpg 640w'>", "<img srcset='/s.jpg, /r.jpg 2x'>",
            "<picture><source srcset='/r.jpg'><img src='data:,'></picture>",
            "<noscript><img src=/r.jpg></noscript>", "<img data-src=/r.jpg><noscript><img src=/r.jpg></noscript>",
        ])
    func lateImages(html: String) {
        #expect(clean(html) == "<img src=\"https://p.example/r.jpg\">")
    }

    @Test(
        "a video in a frame becomes a link to its page",
        arguments: [
            ("https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("//www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("https://www.youtube.com/embed/videoseries?list=PL1", "https://www.youtube.com/playlist?list=PL1"),
            ("https://player.vimeo.com/video/1234?h=ab", "https://vimeo.com/1234/ab"),
            ("https://www.dailymotion.com/embed/video/x1", "https://www.dailymotion.com/video/x1"),
            ("https://player.twitch.tv/?channel=c", "https://player.twitch.tv/?channel=c"),
        ])
    func frames(source: String, page: String) {
        #expect(
            clean("<p>a</p><iframe src='\(source)' title='A talk'>x</iframe>b")
                == "<p>a</p><p><a href=\"\(page)\">Video: A talk</a></p>b")
    }

    @Test(
        "a frame with anything else leaves nothing",
        arguments: [
            "https://ads.example/frame", "javascript:alert(1)",
            "https://www.youtube.com.evil.example/embed/dQw4w9WgXcQ",
            "https://www.youtube.com/embed/\"><script>", "data:text/html,x",
        ])
    func otherFrames(source: String) {
        #expect(clean("a<iframe src='\(source)'></iframe>b") == "ab")
    }

    @Test("a video or a recording becomes a link to its file")
    func media() {
        #expect(
            clean("<p>a <video poster=/p.jpg><source src=/v.mp4><source src=/v.webm>no video</video></p>")
                == "<p>a <a href=\"https://p.example/v.mp4\">Video</a></p>")
        #expect(clean("<audio src='x.mp3'></audio>") == "<p><a href=\"https://p.example/a/x.mp3\">Audio</a></p>")
        #expect(clean("a<video src='javascript:x'></video>b") == "ab")
    }

    @Test("a span that names its class so is the credit of its caption")
    func credit() {
        let html =
            "<figure><img src=/i><figcaption>A <span>big</span> bridge "
            + "<span class='photo-credit'>Jo <span>Park</span></span> at night</figcaption></figure>"
        #expect(PlainText.render(html, base: "https://p.example/") == "[Image: A big bridge at night (Jo Park)]")
    }

    @Test("an unclosed frame inside a dropped element does not swallow the article")
    func unclosedFrame() {
        #expect(clean("<svg><iframe></svg>b") == "b")
    }

    @Test("of two attributes with one name the first counts, also if it is refused")
    func duplicates() {
        #expect(clean("<a href='javascript:x' href='/b'>t</a>") == "<a>t</a>")
    }

    @Test("a tag that the text ends in is none")
    func halfTag() {
        #expect(clean("a<img src=/i onerror='x'") == "a")
        #expect(clean("a<b") == "a")
    }
}
