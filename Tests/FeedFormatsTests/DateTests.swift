import FeedFormats
import Testing

@Suite("Dates")
struct DateTests {
    private static let reference: Int64 = 1_072_865_695_000  // 2003-12-31T10:14:55Z

    @Test(
        "one instant is read from every spelling",
        arguments: [
            "Wed, 31 Dec 2003 10:14:55 GMT", "Wed, 31 Dec 03 10:14:55 +0000", "31 Dec 2003 10:14:55 UT",
            "Wed, 31 Dec 2003 05:14:55 EST", "Wed, 31 Dec 2003 02:14:55 -0800",
            "Wed, 31 Dec 2003 02:14:55 PST",
            "2003-12-31T10:14:55Z", "2003-12-31 10:14:55", "2003-12-31T12:14:55+02:00", "20031231T101455Z",
            "2003-12-31t10:14:55.000z", "2003-365T10:14:55Z", "Wednesday, 31-Dec-03 10:14:55 GMT",
            "Wed Dec 31 10:14:55 2003", "Wed Dec 31 02:14:55 PST 2003", "Wed, 31 December 2003 10:14:55 Z",
            "Wed,31 Dec 2003 12:14:55 GMT+2", "  Wed, 31 Dec 2003 11:14:55 CET  ", "Dec 31, 2003 10:14:55 am",
        ])
    func spellings(text: String) {
        #expect(Sample.milliseconds(text) == Self.reference)
    }

    @Test(
        "the same instant is read in other languages and orders",
        arguments: [
            "Mi, 31 Dez 2003 10:14:55 GMT", "mer., 31 déc. 2003 10:14:55 GMT", "mié, 31 dic 2003 10:14:55 +0000",
            "mercoledì 31 dicembre 2003 10:14:55", "wo, 31 december 2003 10:14:55 GMT",
            "31 de dezembro de 2003 10:14:55",
            "śr., 31 gru 2003 10:14:55 GMT", "Ср, 31 дек 2003 13:14:55 +0300", "Τετ, 31 Δεκ 2003 12:14:55 EET",
            "2003-december-31T11:14:55+01:00", "2003년 12월 31일 19:14:55", "2003-12-31 오후 7:14:55",
            "2003年12月31日 10:14:55", "2003年12月31日 10時14分55秒", "Wed, 2003/12/31 05:14:55 EST", "2003/12/31 10:14:55",
            "31.12.2003 10:14:55", "31/12/2003 10:14:55", "12/31/2003 10:14:55 AM",
            "20031231101455", "1072865695", "1072865695000", "2003-12-31T10:14:55 UTC", "2003-12-31T05:14:55 EST",
            "Wed, 31 Dec 2003 10:14:55 Etc/GMT", "Wed, 31 Dec 2003 10:14:55 NONSENSE", "31-Dec-2003 10:14:55",
            "Wed(it was), 31(st) Dec 2003 (a (nested) note) 10:14:55 +0000 (UTC)", "Dec 31 2003 10:14:55AM",
            "2004-W01-3T10:14:55Z", "2004W013T101455Z", "2003-12-31T10:14:55Z",
        ])
    func otherSpellings(text: String) {
        #expect(Sample.milliseconds(text) == Self.reference)
    }

    @Test("a French Tuesday is no March")
    func mardi() {
        #expect(Sample.milliseconds("mar., 3 févr. 2015 10:00:00") == Sample.milliseconds("2015-02-03T10:00:00Z"))
        #expect(Sample.milliseconds("mar. 3 mars 2015") == Sample.milliseconds("2015-03-03"))
    }

    @Test("a date that could be two is none")
    func ambiguous() {
        #expect(FeedDate.parse("03/04/2005") == nil)
        #expect(Sample.milliseconds("04/04/2005") == Sample.milliseconds("2005-04-04"))
    }

    @Test("parts that are missing are the first of their kind, and the day is all the precision there is")
    func missingParts() throws {
        #expect(Sample.milliseconds("2003") == 1_041_379_200_000)
        #expect(Sample.milliseconds("2003-12") == 1_070_236_800_000)
        #expect(try #require(FeedDate.parse("2003-12-31")).hasDayPrecision)
        #expect(try #require(FeedDate.parse("31 Dec 2003")).hasDayPrecision)
        #expect(try #require(FeedDate.parse("2003-12-31T00:00Z")).hasDayPrecision == false)
    }

    @Test("fractions of a second count to the millisecond")
    func fractions() {
        #expect(Sample.milliseconds("2003-12-31T10:14:55.1239Z") == Self.reference + 123)
    }

    @Test("24:00 is the end of the day, and second 60 the next minute")
    func edges() {
        #expect(Sample.milliseconds("2003-12-31T24:00:00Z") == Sample.milliseconds("2004-01-01T00:00:00Z"))
        #expect(Sample.milliseconds("2016-12-31T23:59:60Z") == Sample.milliseconds("2017-01-01T00:00:00Z"))
    }

    @Test("two-digit years below 50 are of this century")
    func twoDigitYears() {
        #expect(Sample.milliseconds("1 Jan 49") == Sample.milliseconds("2049-01-01"))
        #expect(Sample.milliseconds("1 Jan 50") == Sample.milliseconds("1950-01-01"))
    }

    @Test(
        "nonsense is no date",
        arguments: [
            "", "yesterday", "2003-02-29", "2003-13-01", "2003-12-31T25:00:00Z", "0001-01-01T00:00:00Z",
            "31 Foo 2003",
            "Wed, 32 Dec 2003 10:00:00 GMT", "2003-12-31T10:61:00Z", "Dec", "10:14:55", "9999-12-31",
            "2003-12-31Tabc",
            "Wed, 31 Dec 2003 10:14:55 +9900", "99999999999999999999999999999999",
            "1 Jan 99999999999999999999999999",
            "2003-12-31T10:14:55+99:99",
        ])
    func nonsense(text: String) {
        #expect(FeedDate.parse(text) == nil)
    }
}
