#include "net/fetch/uri.h"

#include <gtest/gtest.h>

#include <string>

namespace net {
namespace {

Uri parsed(std::string_view text) { return Uri::parse(text).take(); }

std::string resolved(std::string_view base, std::string_view reference) {
    auto uri = Uri::resolve(parsed(base), reference);
    return uri.ok() ? std::string(uri.value().text()) : "(" + std::string(uri.failure().text) + ")";
}

std::string boot_file(std::string_view filename) {
    return std::string(Uri::from_boot_file(Ipv4Address(10, 0, 2, 2), filename).take().text());
}

std::string decoded(std::string_view text) {
    util::String target;
    append_percent_decoded(target, text).take();
    return std::string(target.view());
}

TEST(Uri, IsTakenApart) {
    Uri uri = parsed("HTTP://user:pw@example.com:8080/a/b?x=1&y#frag");
    EXPECT_TRUE(uri.scheme_is("http"));
    EXPECT_EQ(uri.user_info(), "user:pw");
    EXPECT_EQ(uri.host(), "example.com");
    EXPECT_EQ(uri.port(), 8080);
    EXPECT_EQ(uri.path(), "/a/b");
    EXPECT_EQ(uri.query(), "x=1&y");
    EXPECT_EQ(uri.fragment(), "frag");
}

TEST(Uri, IsShownWithoutUserAndPassword) {
    for (auto [text, shown] : {std::pair{"http://me:secret@h:80/x?a@b", "http://h:80/x?a@b"}, {"http://h/x@y", "http://h/x@y"}, {"tftp://h/x", "tftp://h/x"}}) {
        Uri uri = parsed(text);
        auto [front, rest] = uri.shown();
        EXPECT_EQ(std::string(front) + std::string(rest), shown);
    }
}

TEST(Uri, StaysWholeWhenItIsMoved) {
    Uri first = parsed("tftp://h/x");
    Uri second = std::move(first);
    EXPECT_EQ(second.path(), "/x");
    EXPECT_EQ(second.path().data(), second.text().data() + 8);
}

TEST(Uri, KeepsTheOpaquePartOfIscsiWhole) {
    Uri uri = parsed("iscsi:10.0.0.1::::iqn.2020-01.x:disk#1?a");
    EXPECT_TRUE(uri.scheme_is("iscsi"));
    EXPECT_EQ(uri.opaque(), "10.0.0.1::::iqn.2020-01.x:disk#1?a");
}

TEST(Uri, TakesAnAddressInBrackets) {
    Uri uri = parsed("http://[2001:db8::1]:81/");
    EXPECT_EQ(uri.host(), "2001:db8::1");
    EXPECT_EQ(uri.port(), 81);
}

TEST(Uri, AllowsAnEmptyPort) {
    Uri uri = parsed("http://host:/x");
    EXPECT_EQ(uri.host(), "host");
    EXPECT_FALSE(uri.port());
}

TEST(Uri, RefusesABadPortAndAnOpenBracket) {
    for (auto text : {"http://h:0/", "http://h:65536/", "http://h:8x/", "http://[::1/", "http://[::1]x/"})
        EXPECT_EQ(&Uri::parse(text).failure(), &kBadUri) << text;
}

TEST(Uri, FindsParams) {
    EXPECT_EQ(parsed("http://h/x##params").params(), "");
    EXPECT_EQ(parsed("http://h/x##params=p1").params(), "p1");
    EXPECT_FALSE(parsed("http://h/x#top").params());
    EXPECT_FALSE(parsed("http://h/x##paramsx").params());
}

TEST(Uri, OneLetterIsADriveAndNoScheme) {
    EXPECT_FALSE(parsed("c:\\boot").is_absolute());
    EXPECT_FALSE(parsed("1a:x").is_absolute());
    EXPECT_TRUE(parsed("x-a+1.2:y").is_absolute());
}

// RFC 3986 section 5.4.
TEST(Uri, ResolvesTheExamplesOfTheStandard) {
    const char* cases[][2] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g:h", "http://a/b/c/g:h"},  // one letter is no scheme here
        {"gg:h", "gg:h"},
    };
    for (auto& [reference, expected] : cases) EXPECT_EQ(resolved("http://a/b/c/d;p?q", reference), expected) << reference;
}

TEST(Uri, ResolvesBesideATftpScript) {
    EXPECT_EQ(resolved("tftp://10.0.2.2/boot/menu.ipxe", "vmlinuz"), "tftp://10.0.2.2/boot/vmlinuz");
    EXPECT_EQ(resolved("tftp://10.0.2.2", "vmlinuz"), "tftp://10.0.2.2/vmlinuz");
    EXPECT_EQ(resolved("tftp://10.0.2.2//abs/menu", "vmlinuz"), "tftp://10.0.2.2//abs/vmlinuz");
    EXPECT_EQ(resolved("http://u:p@h:81/a/b", "c d##params"), "http://u:p@h:81/a/c d##params");
}

TEST(Uri, HasNothingBesideAnIscsiTarget) {
    EXPECT_EQ(resolved("iscsi:10.0.0.1::::x", "y"), "(not a valid URI)");
    EXPECT_EQ(resolved("relative", "y"), "(not a valid URI)");
}

TEST(Uri, ABootFileIsAPathOnTheNextServerOrAUri) {
    EXPECT_EQ(boot_file("undionly.kpxe"), "tftp://10.0.2.2/undionly.kpxe");
    EXPECT_EQ(boot_file("/srv/x"), "tftp://10.0.2.2//srv/x");
    EXPECT_EQ(boot_file("boot\\x64\\100%?.com"), "tftp://10.0.2.2/boot\\x64\\100%25%3f.com");
    EXPECT_EQ(boot_file("pxe:linux.0"), "tftp://10.0.2.2/pxe:linux.0");
    EXPECT_EQ(boot_file("http://h/x?y#z"), "http://h/x?y#z");
    EXPECT_EQ(boot_file("iscsi:h::::t"), "iscsi:h::::t");
}

TEST(Uri, DecodesEscapesAndLeavesWhatIsNone) {
    EXPECT_EQ(decoded("a%20b%2Fc"), "a b/c");
    EXPECT_EQ(decoded("100%"), "100%");
    EXPECT_EQ(decoded("%zz%4"), "%zz%4");
    EXPECT_EQ(decoded("%%41"), "%A");
}

}  // namespace
}  // namespace net
