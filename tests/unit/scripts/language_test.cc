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
    EXPECT_EQ(output("#!ipxe\nimgdecrypt a b || goto untrusted\necho never\n:untrusted"),
              "imgdecrypt: no such command: this firmware has no decryption\n");
    EXPECT_FALSE(run("#!ipxe\nhelp isseq").ok());
    EXPECT_NE(host::console_output().find("help isseq (is it iseq?): no such command"), std::string::npos) << host::console_output();
}

TEST_F(Language, TakesOperatorsInAnyPlace) {
    EXPECT_EQ(output("#!ipxe\n&& echo a\n|| echo never\n; ; echo b ;\n&&\n||\n;\necho c && && echo d"), "a\nb\nc\nd\n");
    EXPECT_EQ(output("#!ipxe\n:x && echo a\n:y || echo never\n:z ; echo b\niseq a b || || echo never ; echo c"), "a\nb\nc\n");
    EXPECT_EQ(output("#!ipxe\necho a&&b c||d e;f\necho a;"), "a&&b c||d e;f\na;\n");
    EXPECT_EQ(output("#!ipxe\niseq a b && echo never || # comment\niseq a b || echo c # && echo d"), "c\n");
}

TEST_F(Language, KnowsLabelsByTheirWholeFirstWord) {
    EXPECT_EQ(output("#!ipxe\ngoto b\n:bb echo never\n\t :b\techo first\nexit\n:b echo second"), "first\n");
    EXPECT_EQ(output("#!ipxe\ngoto end\n: echo no label\n:end"), "");
    EXPECT_EQ(output("#!ipxe\ngoto \xe4\n:\xe4 echo \xf6\r"), "\xf6\n");
    EXPECT_EQ(output("#!ipxe\ngoto x\necho a \\\n:x\n:x echo the real one"), "the real one\n");
}

TEST_F(Language, TakesAnyBytes) {
    EXPECT_EQ(output(std::string_view("#!ipxe\necho a\0b \x7f\x80\nset t \xc3\xa4\necho ${t}\0", 38)), std::string("a\0b \x7f\x80\n\xc3\xa4\0\n", 11));
    EXPECT_EQ(output("#!ipxe\r\nset a x\r\niseq ${a} x && echo same\r\n\r\necho a\rb"), "same\na b\n");
}

TEST_F(Language, ExpandsNamesWithinNamesAndKeepsWords) {
    EXPECT_EQ(output("#!ipxe\nset c 1\nset b1 2\nset a2 deep\necho ${a${b${c}}}${}${none}.\nset v -\nset w x${v}${v}y\necho ${w}"),
              "deep.\nx--y\n");
    EXPECT_EQ(output("#!ipxe\nset e\niseq ${e} ${} && echo both empty"), "both empty\n");
}

TEST_F(Language, ReportsTheFirstOfContinuedLinesAndAllItsText) {
    EXPECT_FALSE(run("#!ipxe\n\necho a\n  imgfree \\\n    no${}thing\n", "dir/boot.ipxe").ok());
    EXPECT_EQ(host::console_output(), "a\ndir/boot.ipxe:4: imgfree nothing: there is no image of that name\n    imgfree     no${}thing\n");
}

TEST_F(Language, ReportsWhatDoesNotExpandWithCommandAndWord) {
    system.settings.put("a", "${a}");
    EXPECT_FALSE(run("#!ipxe\nset x y${a}").ok());
    EXPECT_EQ(host::console_output(), "test.ipxe:2: set y${a}: settings refer to themselves or expand too far\n    set x y${a}\n");
}

TEST_F(Language, ReportsLinesThatAreTooLong) {
    EXPECT_FALSE(run("#!ipxe\n" + std::string(70000, 'x') + "\\\ny").ok());
    EXPECT_NE(host::console_output().find("test.ipxe:2: script: the line is too long\n"), std::string::npos);
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

// Places of labels are remembered by their length.
TEST_F(Language, FindsTheFirstOfALabelEachTime) {
    EXPECT_EQ(output("#!ipxe\nset n:int32 0\n:aa inc n && iseq ${n} 3 && goto done ||\ngoto bb\n:aa echo never\n:bb echo ${n} \\\n"
                     ":cc\ngoto aa\n:done goto cc || goto bb2\n:bb echo never\n:bb2 goto cc || echo end"),
              "1 :cc\n2 :cc\nend\n");
    EXPECT_FALSE(run("#!ipxe\n:x\ngoto ${}").ok());
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

TEST_F(Language, CountsOneCtrlCOnceHoweverManyCommandsItFails) {
    host::type("\x03");
    EXPECT_EQ(output("#!ipxe\ntime sleep 5 || echo caught\nsleep 5\necho on"), "sleep: 0.000 s\ntime sleep 5: cancelled by Ctrl-C\ncaught\non\n");
    host::type("\x03");
    std::string out = output("#!ipxe\ncall wait || echo caught\nsleep 5\necho on\nexit\n:wait\ncall deeper\nreturn\n:deeper sleep 5");
    EXPECT_NE(out.find("caught\non\n"), std::string::npos) << out;
    host::type("\x03\x03");
    EXPECT_FALSE(run("#!ipxe\ntime sleep 5 || time sleep 5 || echo caught\necho on").ok());
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
