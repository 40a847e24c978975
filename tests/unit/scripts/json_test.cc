// JSON texts (RFC 8259) and pointers into them (RFC 6901).
#include "scripts/words/json.h"

#include <gtest/gtest.h>

namespace scripts {
namespace {

std::string value(std::string_view text, std::string_view pointer) {
    std::size_t at = 0;
    auto json = Json::parse(text, at);
    if (!json.ok()) return json.failure().text;
    auto found = json.value().find(pointer);
    if (!found.ok()) return found.failure().text;
    util::String result;
    EXPECT_TRUE(Json::append_text(found.value(), result).ok());
    return std::string(result.view());
}

std::string keys(std::string_view text) {
    std::size_t at = 0;
    util::String result;
    auto status = Json::append_keys(Json::parse(text, at).take().find("").take(), result);
    return status.ok() ? std::string(result.view()) : status.failure().text;
}

std::pair<const util::Failure*, std::size_t> wrong(std::string_view text) {
    std::size_t at = 0;
    auto json = Json::parse(text, at);
    EXPECT_FALSE(json.ok()) << text;
    return {json.ok() ? nullptr : &json.failure(), at};
}

constexpr std::string_view kMachine = R"( { "name" : "db1", "disks": [ {"lun":1}, {"lun": 2 , "ro":true} ],
    "boot":{"args":"a \"b\"\tc\\"}, "none":null, "pi":-3.14e+0, "a/b": 1, "m~n":2, "":3, "empty":{}, "list":[] } )";

TEST(Json, FindsValuesByPointer) {
    EXPECT_EQ(value(kMachine, "/name"), "db1");
    EXPECT_EQ(value(kMachine, "/disks/1/lun"), "2");
    EXPECT_EQ(value(kMachine, "/disks/1/ro"), "true");
    EXPECT_EQ(value(kMachine, "/disks/0"), R"({"lun":1})");
    EXPECT_EQ(value(kMachine, "/boot/args"), "a \"b\"\tc\\");
    EXPECT_EQ(value(kMachine, "/none"), "null");
    EXPECT_EQ(value(kMachine, "/pi"), "-3.14e+0");
    EXPECT_EQ(value(kMachine, "/a~1b"), "1");
    EXPECT_EQ(value(kMachine, "/m~0n"), "2");
    EXPECT_EQ(value(kMachine, "/"), "3");
    EXPECT_EQ(value("[1,[2,[3]]]", "/1/1/0"), "3");
    EXPECT_EQ(value(" \"x\" ", ""), "x");
    EXPECT_EQ(value("\xef\xbb\xbf{\"a\":1}", "/a"), "1");
}

TEST(Json, SaysWhatIsNotThere) {
    for (const char* pointer : {"/x", "/disks/2", "/disks/01", "/disks/-", "/disks/x", "/name/x", "/empty/x", "/list/0"})
        EXPECT_EQ(value(kMachine, pointer), kJsonAbsent.text) << pointer;
    for (const char* pointer : {"name", "/a~2b", "/a~"}) EXPECT_EQ(value(kMachine, pointer), kJsonPointer.text);
}

TEST(Json, TakesTheLastOfNamesThatComeTwice) { EXPECT_EQ(value(R"({"a":1,"a":2})", "/a"), "2"); }

TEST(Json, TellsKeys) {
    EXPECT_EQ(keys(R"({"a":1,"b":[{}],"c\u0041":{"d":1}})"), "a b cA");
    EXPECT_EQ(keys(R"([7,[8],"x"])"), "0 1 2");
    EXPECT_EQ(keys("[]"), "");
    EXPECT_EQ(keys("7"), kJsonAbsent.text);
}

TEST(Json, DecodesStringsToUtf8) {
    EXPECT_EQ(value(R"("\u00e4\u20ac\ud83d\ude00\u0041")", ""), "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" "A");
    EXPECT_EQ(value(R"("\ud83dx\ude00\ud83d\u0041")", ""), "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd" "A");
    EXPECT_EQ(value(R"("\/\b\f\n\r")", ""), "/\b\f\n\r");
}

TEST(Json, RefusesWhatIsNoJsonAndSaysWhere) {
    EXPECT_EQ(wrong(""), std::pair(&kJsonValue, std::size_t{0}));
    EXPECT_EQ(wrong("{\"a\":}"), std::pair(&kJsonValue, std::size_t{5}));
    EXPECT_EQ(wrong("{\"a\" 1}"), std::pair(&kJsonColon, std::size_t{5}));
    EXPECT_EQ(wrong("{a:1}"), std::pair(&kJsonName, std::size_t{1}));
    EXPECT_EQ(wrong("{\"a\":1,}"), std::pair(&kJsonName, std::size_t{7}));
    EXPECT_EQ(wrong("[1,]"), std::pair(&kJsonValue, std::size_t{3}));
    EXPECT_EQ(wrong("[1 2]"), std::pair(&kJsonComma, std::size_t{3}));
    EXPECT_EQ(wrong("[1}"), std::pair(&kJsonComma, std::size_t{2}));
    EXPECT_EQ(wrong("[1"), std::pair(&kJsonComma, std::size_t{2}));
    EXPECT_EQ(wrong("1 x"), std::pair(&kJsonEnd, std::size_t{2}));
    EXPECT_EQ(wrong("\"a\nb\"").first, &kJsonString);
    EXPECT_EQ(wrong("\"a").first, &kJsonString);
    EXPECT_EQ(wrong("\"\\x\"").first, &kJsonString);
    EXPECT_EQ(wrong("\"\\u12g4\"").first, &kJsonString);
    for (const char* number : {"-", "1.", "1e", "1.e5", ".5", "+1", "1e+", "tru", "nul", "'a'"}) wrong(number);
    EXPECT_EQ(wrong("01"), std::pair(&kJsonEnd, std::size_t{1}));
}

TEST(Json, BoundsNesting) {
    EXPECT_EQ(value(std::string(128, '[') + std::string(128, ']'), "/0/0/0"), std::string(125, '[') + std::string(125, ']'));
    EXPECT_EQ(wrong(std::string(129, '[')).first, &kJsonTooDeep);
    EXPECT_EQ(wrong(std::string(100000, '[')).first, &kJsonTooDeep);
}

}  // namespace
}  // namespace scripts
