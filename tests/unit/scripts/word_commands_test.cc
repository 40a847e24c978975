// calc, is, substr, match, replace, json as scripts use them.
#include <gtest/gtest.h>

#include "embed/select_rows.h"
#include "scripts/words/expression.h"
#include "scripts/words/json.h"
#include "scripts/words/pattern.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Words : testing::Test, TestSystem {
    Words() { start(); }
    std::string text(const char* name) { return std::string(system.settings.text(name).view()); }
    void add_image(std::string_view name, std::string_view content) {
        EXPECT_TRUE(system.images.add_built_in(name, content).ok());
    }
};

TEST_F(Words, CalcSetsASetting) {
    EXPECT_EQ(output("#!ipxe\nset n 4\ncalc n ${n} * 2 + 0x10 && echo ${n}\ncalc n ${n}-30\necho ${n}"), "24\n-6\n");
    EXPECT_EQ(output("#!ipxe\ncalc n:int8 200 - 100 && echo ${n} ${n:hex}\ncalc i 2 + 1 && inc i && echo ${i}"), "100 64\n4\n");
    EXPECT_EQ(output("#!ipxe\ncalc n -5 + 2 && echo ${n}\ncalc n -9223372036854775807 - 1 && echo ${n}"), "-3\n-9223372036854775808\n");
}

TEST_F(Words, CalcComputesWithSettingsOfAnyNumericType) {
    EXPECT_EQ(output("#!ipxe\nset lun:uint8 31\ncalc n ${lun} + 1\necho ${lun} ${n}"), "0x1f 32\n");
}

TEST_F(Words, CalcSaysWhereAnExpressionIsWrongAndSetsNothing) {
    EXPECT_EQ(output("#!ipxe\nset n 1\ncalc n ${n} + ${none} || echo ${n}"), "calc n: a number is missing here\n1\n");
    EXPECT_EQ(output("#!ipxe\ncalc n 7 / 0 || echo no"), "calc / 0: division by zero\nno\n");
    EXPECT_EQ(output("#!ipxe\ncalc n 2 + two || echo no"), "calc two: a number is missing here\nno\n");
}

TEST_F(Words, IsComparesNumbers) {
    EXPECT_EQ(output("#!ipxe\nset n 9\nis ${n} < 10 && echo less\nis ${n} >= 10 || echo not more\nis -1 < 0 && echo negative\n"
                     "is ${n} & 8 && echo bit"),
              "less\nnot more\nnegative\nbit\n");
}

TEST_F(Words, IsTellsWhatIsWrongFromWhatIsFalse) {
    EXPECT_EQ(output("#!ipxe\nis 2 < 1 ||\nis ${none} < 1 || echo no"), "is < 1: a number is missing here\nno\n");
    EXPECT_FALSE(run("#!ipxe\nis 2 < 1").ok());
    EXPECT_NE(host::console_output().find("test.ipxe:2: is: it is not so\n    is 2 < 1\n"), std::string::npos);
}

TEST_F(Words, SubstrCutsByStartAndLength) {
    EXPECT_EQ(output("#!ipxe\nset t 525400123456\nsubstr a ${t} 0 6\nsubstr b ${t} 6\nsubstr c ${t} -4\nsubstr d ${t} 2 -2\n"
                     "substr e ${t} 10 99\necho ${a} ${b} ${c} ${d} ${e}"),
              "525400 123456 3456 54001234 56\n");
    EXPECT_EQ(output("#!ipxe\nset a x\nsubstr a ${t} 20\nisset ${a} || echo empty\nsubstr a ${none} 0 1\nisset ${a} || echo empty"),
              "empty\nempty\n");
    EXPECT_EQ(output("#!ipxe\nsubstr a abc one || echo no"), "substr one: not a whole number\nno\n");
    EXPECT_EQ(output("#!ipxe\nsubstr a abc -9223372036854775808 9223372036854775807 && echo ${a}"), "abc\n");
}

TEST_F(Words, MatchTakesAPartAText) {
    EXPECT_EQ(output("#!ipxe\nset u http://server/a/b\nmatch *://*/* ${u} scheme host path && echo ${scheme},${host},${path}"),
              "http,server,a/b\n");
    EXPECT_EQ(output("#!ipxe\nset m Dell Inc.\nmatch Dell* ${m} && echo Dell\nmatch --ignore-case dell* ${m} && echo dell\n"
                     "match HP* ${m} || echo other"),
              "Dell\ndell\nother\n");
}

TEST_F(Words, MatchLeavesSettingsAloneWhenItFails) {
    EXPECT_EQ(output("#!ipxe\nset a old\nmatch x* y a || echo ${a}"), "old\n");
    EXPECT_EQ(output("#!ipxe\nmatch [x y || echo no"), "match [x: a [ has no ]\nno\n");
    EXPECT_EQ(output("#!ipxe\nmatch * y a b || echo no"), "match: there are more settings than stars in the pattern\nno\n");
}

TEST_F(Words, ReplaceReplacesEveryPlace) {
    EXPECT_EQ(output("#!ipxe\nset p Power Edge (R740)\nreplace d ${p} [!A-Za-z0-9] - && echo ${d}\nreplace d ${p} [()] && echo ${d}"),
              "Power-Edge--R740-\nPower Edge R740\n");
    EXPECT_EQ(output("#!ipxe\nreplace d a* * x || echo no"), "replace d: what is to be replaced has no *: write [*] for a star\nno\n");
}

TEST_F(Words, JsonLooksUpValuesOfAnImage) {
    add_image("m.json", R"({"name":"db 1","disks":[{"lun":3}],"boot":{"linux":"/v","args":null}})");
    EXPECT_EQ(output("#!ipxe\njson n m.json /name && json l m.json /disks/0/lun && echo ${n}: ${l}\n"
                     "json --keys k m.json /boot && echo ${k}\njson -k k m.json /disks && echo ${k}"),
              "db 1: 3\nlinux args\n0\n");
}

TEST_F(Words, JsonSaysWhatIsNotThereAndSetsNothing) {
    add_image("m.json", "{\"a\":null}");
    EXPECT_EQ(output("#!ipxe\nset x default\njson x m.json /b ||\njson x m.json /a || echo ${x}"),
              "json /b: there is no such value\njson /a: there is no such value\ndefault\n");
}

TEST_F(Words, JsonSaysWhereATextIsWrong) {
    add_image("m.json", "{\n  \"a\": 1,\n  \"b\" 2\n}");
    EXPECT_EQ(output("#!ipxe\njson x m.json /a || echo no"), "json m.json:3:7: not JSON: a colon is missing here\nno\n");
    add_image("one.json", "[1");
    EXPECT_EQ(output("#!ipxe\njson x one.json /0 || echo no"),
              "json one.json:1:3: not JSON: a comma or the closing bracket is missing here\nno\n");
}

TEST_F(Words, JsonTextsAreNotHandedToKernelsButAsFilesOfTheirOwn) {
    add_image("m.json", "{}");
    add_image("file.json", "{}");
    system.images.find("file.json")->set_arguments("/etc/file.json").take();
    output("#!ipxe\njson x m.json /a ||\njson x file.json /a ||");
    EXPECT_TRUE(system.images.find("m.json")->was_run());
    EXPECT_FALSE(system.images.find("file.json")->was_run());
}

TEST_F(Words, SettingsThatDoNotFitAreAFailure) {
    std::string text = "[\"" + std::string(5000, 'x') + "\"]";
    add_image("m.json", text);
    EXPECT_EQ(output("#!ipxe\njson x m.json /0 || echo no"), "json x: too many or too long settings\nno\n");
}

TEST(MissingFeatures, AreNamedByTheirRows) {
    constexpr char kText[] = "menus\0choose\0item\0\0words\0calc\0\0";
    EXPECT_EQ(embed::feature_of_missing(kText, "item"), "menus");
    EXPECT_EQ(embed::feature_of_missing(kText, "calc"), "words");
    EXPECT_EQ(embed::feature_of_missing(kText, "menus"), "");
    EXPECT_EQ(embed::feature_of_missing(kText, ""), "");
}

}  // namespace
}  // namespace scripts
