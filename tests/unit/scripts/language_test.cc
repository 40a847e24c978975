// The language as scripts are really written: every form that public scripts use.
#include <gtest/gtest.h>

#include "scripts/expand.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Language : testing::Test, TestSystem {
    Language() { start(); }
};

TEST_F(Language, RunsCommandsLineByLineWithEveryLineEnding) {
    EXPECT_EQ(output("#!ipxe\necho a\r\necho b\n\n   \n\techo c"), "a\nb\nc\n");
    EXPECT_EQ(output("#!gpxe\r\necho old"), "old\n");
}

TEST_F(Language, RefusesWhatIsNoScript) {
    EXPECT_EQ(&run("echo a").failure(), &kNotScript);
    EXPECT_EQ(&run("#!ipxefoo").failure(), &kNotScript);
    EXPECT_EQ(&run("").failure(), &kNotScript);
}

TEST_F(Language, JoinsContinuedLines) {
    EXPECT_EQ(output("#!ipxe\necho a \\\n  b \\\r\n c\necho d\\\ne\necho f\\"), "a b c\nde\nf\n");
}

TEST_F(Language, IgnoresComments) {
    EXPECT_EQ(output("#!ipxe\n# x\n  # y\necho a # z\necho b#c\nisset ${no} || # d\necho \xff\xfe # \xe4"),
              "a\nb#c\n\xff\xfe\n");
}

TEST_F(Language, GoesOnAfterSuccessOrFailure) {
    EXPECT_EQ(output("#!ipxe\niseq a a && echo yes || echo no\niseq a b && echo yes || echo no"),
              "yes\nno\n");
    EXPECT_EQ(output("#!ipxe\niseq a b ||\niseq a a &&\nisset x && iseq a b || echo c && echo d"), "c\nd\n");
    EXPECT_EQ(output("#!ipxe\niseq a b ; echo a ; echo b"), "a\nb\n");
}

TEST_F(Language, EndsAtAFailureNobodyCaught) {
    EXPECT_FALSE(run("#!ipxe\necho a\niseq ${x} b\necho never").ok());
    EXPECT_EQ(host::console_output(), "a\ntest.ipxe:3: iseq: the values differ\n    iseq ${x} b\n");
    EXPECT_FALSE(run("#!ipxe\niseq a b &&\necho never").ok());
}

TEST_F(Language, TellsWhatNoImageHasAndHelpSuggests) {
    EXPECT_EQ(output("#!ipxe\nimgverify a b || goto untrusted\necho never\n:untrusted"),
              "imgverify: no such command: this firmware has no signatures\n");
    EXPECT_FALSE(run("#!ipxe\nhelp isseq").ok());
    EXPECT_NE(host::console_output().find("help isseq (is it iseq?): no such command"), std::string::npos) << host::console_output();
}

TEST_F(Language, FailsUnknownCommandsAtRunTimeAndSuggestsTheNearest) {
    EXPECT_EQ(output("#!ipxe\nisseq a a || echo caught\nfrobnicate ||"),
              "isseq: no such command (is it iseq?)\ncaught\nfrobnicate: no such command\n");
}

TEST_F(Language, JumpsToLabelsWithCommandsOnTheirLine) {
    EXPECT_EQ(
        output("#!ipxe\nset i:int8 0\n:loop inc i && iseq ${i} 3 && goto done ||\necho ${i}\ngoto loop\n"
               ":done echo done"),
        "1\n2\ndone\n");
}

TEST_F(Language, JumpsBackwardsForwardsAndByComputedNames) {
    EXPECT_EQ(output("#!ipxe\nset p pcbios\ngoto ${p}iso || echo no\n:a\nexit\n:pcbiosiso\necho iso\ngoto a"),
              "iso\n");
    EXPECT_EQ(output("#!ipxe\ngoto nowhere || echo missing\n# :nowhere\necho x:nowhere"),
              "missing\nx:nowhere\n");
}

TEST_F(Language, RunsNothingMoreOfALineThatJumped) {
    EXPECT_EQ(output("#!ipxe\niseq a a && goto x || echo never\necho never\n:x"), "");
}

TEST_F(Language, ExpandsSettingsWithinNames) {
    EXPECT_EQ(output("#!ipxe\nset platform pcbios\nset pcbiospath /x\nset n 1\nset v1 one\n"
                     "echo ${${platform}path} ${v${n}} ${none}${v${n}}"),
              "/x one one\n");
}

TEST_F(Language, KeepsAnEmptyExpansionAsASpace) {
    EXPECT_EQ(output("#!ipxe\necho -n a: ${}\necho b"), "a: b\n");
}

TEST_F(Language, TakesQuotesAsPlainCharacters) {
    EXPECT_EQ(output("#!ipxe\nset t -1\niseq \"${t}\" \"-1\" && echo same\necho 'a  b'"), "same\n'a b'\n");
}

TEST_F(Language, ExpandsAWordIntoOneWord) {
    EXPECT_EQ(output("#!ipxe\nset a x y\nset b x y\niseq ${a} ${b} && echo same\nset op &&\necho ${op} z"),
              "same\n z\n");
}

TEST_F(Language, ExpandsEachCommandWhenItRuns) {
    EXPECT_EQ(output("#!ipxe\nset a 1 && echo ${a}"), "1\n");
}

TEST_F(Language, EndsSelfReferenceWithAnError) {
    system.settings.put("a", "${a}");
    EXPECT_EQ(&run("#!ipxe\necho ${a}").failure(), &kExpandsForEver);
    system.settings.put("a", "${b}${b}");
    for (const char* name : {"b", "c", "d"})
        system.settings.put(name, "${e}${e}${e}${e}${e}${e}${e}${e}${e}${e}");
    system.settings.put("e", "${a}");
    EXPECT_EQ(&run("#!ipxe\necho ${a}").failure(), &kExpandsForEver);
    system.settings.put("a", std::string(4096, 'x'));
    std::string word;
    for (int i = 0; i < 20; ++i) word += "${a}";
    EXPECT_EQ(&run("#!ipxe\necho " + word).failure(), &kExpandsForEver);
}

TEST_F(Language, LeavesUnclosedBracesAsText) {
    EXPECT_EQ(output("#!ipxe\nset b 1\necho ${a $ } ${x${b} $}{"), "${a $ } ${x1 $}{\n");
}

TEST_F(Language, EndsScriptsByExitWithItsStatus) {
    EXPECT_EQ(output("#!ipxe\necho a\nexit\necho b"), "a\n");
    EXPECT_EQ(output("#!ipxe\nexit 0 || echo b"), "");
    EXPECT_EQ(&run("#!ipxe\nexit 1").failure(), &kExitStatus);
}

TEST_F(Language, StopsEndlessLoopsOnCtrlC) {
    host::type("\x03");
    EXPECT_EQ(&run("#!ipxe\n:a\nset x 1\ngoto a").failure(), &util::kCancelled);
}

TEST_F(Language, FailsTheCommandThatCtrlCEndedAndAllScriptsTheSecondTime) {
    host::type("\x03");
    EXPECT_EQ(output("#!ipxe\nsleep 5 || echo caught"), "sleep 5: cancelled by Ctrl-C\ncaught\n");
    host::type("\x03\x03");
    EXPECT_EQ(&run("#!ipxe\n:retry sleep 5 || goto retry").failure(), &util::kCancelled);
}

TEST_F(Language, SurvivesTheFreeingOfARunningScript) {
    EXPECT_EQ(output("#!ipxe\nimgfree\necho still here\nimgstat"), "still here\n");
}

TEST_F(Language, PrintsHelpAndUsage) {
    EXPECT_NE(output("#!ipxe\nprompt --help").find("Usage: prompt [--key <key>]"), std::string::npos);
    EXPECT_NE(output("#!ipxe\nprompt --foo || echo no").find("prompt --foo: no such option\nno\n"),
              std::string::npos);
    EXPECT_NE(output("#!ipxe\nprompt --timeout x || echo no").find("prompt --timeout: not a valid value"),
              std::string::npos);
    EXPECT_NE(output("#!ipxe\ngoto ||").find("Usage: goto <label>"), std::string::npos);
    EXPECT_NE(output("#!ipxe\nhelp").find("  sleep        wait\n"), std::string::npos);
}

TEST_F(Language, WaitsForTheKeyOfAPrompt) {
    host::type("y");
    EXPECT_EQ(output("#!ipxe\nprompt -k y -t5000 Sure? && echo yes"), "Sure?\r\x1b[Kyes\n");
    host::type("n");
    EXPECT_EQ(output("#!ipxe\nprompt --key y --timeout=5000 Sure? || echo no"), "Sure?\r\x1b[Kno\n");
    EXPECT_EQ(output("#!ipxe\nprompt --key 0x02 --timeout 2000 || echo late"), "late\n");
    host::type_key(0x11b);
    EXPECT_EQ(output("#!ipxe\nprompt --key 0x197e && echo F12"), "F12\n");
}

TEST_F(Language, ForcesEveryCommandToHaveHelp) {
    for (const Command& command : commands()) {
        EXPECT_STRNE(command.help, "");
        EXPECT_LE(command.options.size(), Invocation::kMostOptions);
        EXPECT_LT(std::string_view(command.name).size(), 12u);
    }
}

}  // namespace
}  // namespace scripts
