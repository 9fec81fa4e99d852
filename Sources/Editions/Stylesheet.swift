/// How editions look: the reading system's own letters and sizes, a dark page where the reader wants dark pages.
enum Stylesheet {
    /// What both kinds of edition have.
    static let article = """
        img{max-width:100%;height:auto}
        figure{margin:1.5em 0}
        figcaption,.caption{font-size:.85em;margin-top:.4em}
        figcaption small{display:inline-block}
        blockquote{margin:1em 0 1em 1.2em;padding-left:.8em;border-left:.2em solid #b0a99f}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85em}
        .table{overflow-x:auto}
        table{border-collapse:collapse;max-width:100%}
        td,th{border:1px solid #b0a99f;padding:.3em .5em;text-align:left;vertical-align:top}
        h1{line-height:1.2;margin:.2em 0 .4em}
        .kicker{font-size:.85em;letter-spacing:.06em;text-transform:uppercase;margin:0}
        .standfirst{font-size:1.15em;margin:.4em 0}
        .byline,.source,.bio{font-size:.85em}
        .source{overflow-wrap:anywhere}
        .kicker,.byline,.source,.bio,figcaption,.caption,.missing{color:#5f5a54}
        footer{margin-top:2em;border-top:1px solid #b0a99f}

        """

    /// Where the reader wants dark pages.
    static let dark = """
        @media (prefers-color-scheme:dark){
        body{background:#17181a;color:#e2dfda}
        a{color:#8ab8ee}
        .kicker,.byline,.source,.bio,figcaption,.caption,.missing{color:#a8a29a}
        blockquote,td,th,footer,main>article{border-color:#4a4743}
        }

        """

    /// The stylesheet of an EPUB.
    static let epub = article + "nav ol{list-style:none;padding-left:1em}\nnav li{margin:.4em 0}\n" + dark

    /// The stylesheet of an HTML page.
    static let page = """
        :root{color-scheme:light dark}
        body{margin:0 auto;padding:1.2em;max-width:38em;font:1.06em/1.6 Georgia,"Noto Serif",serif;overflow-wrap:break-word;\
        background:#fdfcfa;color:#22211f}
        a{color:#1a5a9e}
        nav,.kicker,.byline,figcaption{font-family:system-ui,sans-serif}
        nav ol{list-style:none;padding-left:0}
        nav li{margin:.4em 0}
        nav h2{font-size:1em;margin:1.4em 0 .4em}
        main>article{border-top:1px solid #b0a99f;margin-top:3em;padding-top:1.5em}
        .top{font-size:.85em}

        """ + article + dark
}
