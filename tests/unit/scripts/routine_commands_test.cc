// for, next, call, return, include, trap.
#include <gtest/gtest.h>

#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Routines : testing::Test, TestSystem {
    Routines() { start(); }
    void add_image(std::string_view name, std::string_view content) {
        EXPECT_TRUE(system.images.add_built_in(name, content).ok());
    }
    // What a script that fails printed.
    std::string failure(std::string_view text) {
        EXPECT_FALSE(run(text).ok());
        return host::console_output();
    }
};

TEST_F(Routines, ForRunsItsLinesForEachValue) {
    EXPECT_EQ(output("#!ipxe\nfor n in net0 net1 7\necho ${n}\nnext n\necho last ${n}"), "net0\nnet1\n7\nlast 7\n");
    EXPECT_EQ(output("#!ipxe\nset list a b  c\nfor x in ${list} d\necho -n ${x}, ${}\nnext x && echo end"), "a, b, c, d, end\n");
}

TEST_F(Routines, ForCountsUpThroughRanges) {
    EXPECT_EQ(output("#!ipxe\nfor i in 0..3 -2..-1 9 0x10..0x11\necho -n ${i}${}\nnext i"), "0123-2-191617");
    EXPECT_EQ(output("#!ipxe\nset last 5\nfor i in 4..${last} x..y 3..1\necho -n ${i};\nnext i"), "4;5;x..y;");
    EXPECT_EQ(output("#!ipxe\nfor i in 9223372036854775806..9223372036854775807\necho ${i}\nnext i"),
              "9223372036854775806\n9223372036854775807\n");
}

TEST_F(Routines, ForWithoutValuesRunsNothing) {
    EXPECT_EQ(output("#!ipxe\nfor i in ${none}\necho never\nnext i && echo never\necho behind"), "behind\n");
    EXPECT_EQ(output("#!ipxe\nfor i in\necho never\nnext i\necho behind"), "behind\n");
}

TEST_F(Routines, LoopsMayBeWithinOneAnother) {
    EXPECT_EQ(output("#!ipxe\nfor a in 1..2\nfor b in x y\necho ${a}${b}\nnext b\nnext a"), "1x\n1y\n2x\n2y\n");
}

TEST_F(Routines, LoopsMayBeLeftByGoto) {
    EXPECT_EQ(output("#!ipxe\nfor a in 1..2\nfor b in 1..9\nis ${b} == 2 && goto out ||\necho ${a}${b}\nnext b\n:out\nnext a\n"
                     "iseq ${again} x || set again x && goto more\nexit\n:more\nfor a in 8..9\necho ${a}\nnext a"),
              "11\n21\n8\n9\n");
    std::string many = "#!ipxe\nset n:int32 0\n:top inc n\nfor a in 1..2\nis ${n} < 100 && goto top ||\nnext a\necho ${n}";
    EXPECT_EQ(output(many), "100\n");
}

TEST_F(Routines, ForSaysWhatIsWrong) {
    EXPECT_NE(failure("#!ipxe\nfor i in 1 2\necho x").find("test.ipxe:2: for i: no next for this setting follows"), std::string::npos);
    EXPECT_NE(failure("#!ipxe\nfor i 1 2\nnext i").find("for i: it is: for <setting> in <value>"), std::string::npos);
    EXPECT_NE(failure("#!ipxe\nnext i").find("next i: no for of this setting is running here"), std::string::npos);
    std::string deep = "#!ipxe\n", ends;
    for (int i = 0; i < 17; ++i) deep += "for x" + std::to_string(i) + " in 1\n", ends += "next x" + std::to_string(i) + "\n";
    EXPECT_NE(failure(deep + ends).find("too many loops within one another"), std::string::npos);
    EXPECT_EQ(&system.engine.run_line("for i in 1").failure(), &kNotInScript);
}

TEST_F(Routines, EndlessLoopsStopOnCtrlC) {
    host::type("\x03");
    EXPECT_EQ(&run("#!ipxe\nfor i in 1..9223372036854775807\nnext i").failure(), &util::kCancelled);
}

TEST_F(Routines, CallComesBackBehindItself) {
    EXPECT_EQ(output("#!ipxe\ncall greet you && echo back ; echo on\nexit\n:greet\necho Hello ${arg1}${arg2}\nreturn\necho never"),
              "Hello you\nback\non\n");
    EXPECT_EQ(output("#!ipxe\ncall \\\n last \\\n && echo back\nexit\n:last echo end of text \\\n returns"), "end of text returns\nback\n");
}

TEST_F(Routines, ReturnTellsHowItWent) {
    EXPECT_EQ(output("#!ipxe\ncall no && echo yes || echo no\ncall yes && echo yes || echo no\nexit\n:no return 1\n:yes return 0"),
              "no\nyes\n");
    EXPECT_NE(failure("#!ipxe\nreturn").find("return: return is for what call or include runs"), std::string::npos);
    EXPECT_NE(failure("#!ipxe\ncall x\nexit\n:x return 1").find("test.ipxe:2: call x: returned with an error status"), std::string::npos);
}

TEST_F(Routines, ArgumentsAreThoseOfTheRoutineThatRuns) {
    EXPECT_EQ(output("#!ipxe\nset arg1 mine\ncall a x y\necho ${arg1}${arg2}\nexit\n:a\ncall b ${arg2}\necho ${arg1}${arg2}\nreturn\n"
                     ":b\necho ${arg1}${arg2}.\nset arg1 lost"),
              "y.\nxy\nmine\n");
}

TEST_F(Routines, ExitInARoutineEndsTheScript) {
    EXPECT_EQ(output("#!ipxe\ncall a ; echo never\necho never\n:a\ncall b\necho never\n:b\nexit\necho never"), "");
    EXPECT_EQ(&run("#!ipxe\ncall a || echo never\n:a exit 1").failure(), &kExitStatus);
    add_image("inner", "#!ipxe\ncall a\n:a exit");
    EXPECT_EQ(output("#!ipxe\nchain inner\necho outer goes on"), "outer goes on\n");
}

TEST_F(Routines, FailuresInARoutineAreItsCallers) {
    EXPECT_EQ(failure("#!ipxe\ncall a\nexit\n:a\nimgfree nothing"),
              "test.ipxe:5: imgfree nothing: there is no image of that name\n    imgfree nothing\n"
              "test.ipxe:2: call a: there is no image of that name\n    call a\n");
}

TEST_F(Routines, GotoAndLoopsInARoutineAreItsOwn) {
    EXPECT_EQ(output("#!ipxe\nfor i in 1..2\ncall a\nnext i\nexit\n:a\nfor i in x y\necho ${i}\nnext i\ngoto end\n:end"), "x\ny\nx\ny\n");
    EXPECT_NE(failure("#!ipxe\nfor i in 1 2\ncall a\nnext i\n:a\nnext i").find("no for of this setting is running here"), std::string::npos);
}

TEST_F(Routines, CallsAreBoundedInDepth) {
    EXPECT_NE(failure("#!ipxe\n:a call a").find("call a: too many calls within one another"), std::string::npos);
    EXPECT_EQ(output("#!ipxe\ncall none || echo none\nset n:int32 0\n:again call once && inc n && is ${n} < 100 && goto again ||\n"
                     "echo ${n}\nexit\n:once"),
              "call none: no such label\nnone\n100\n");
}

TEST_F(Routines, IncludeRunsAScriptAndKeepsItsLabels) {
    add_image("lib", "#!ipxe\nset from-lib yes\nreturn\n:shout echo ${arg1}!\n:own\n");
    EXPECT_EQ(output("#!ipxe\ninclude lib && echo ${from-lib}\nimgfree\ncall shout hey\ncall own\nexit\n:own echo mine"),
              "yes\nhey!\nmine\n");
    EXPECT_NE(failure("#!ipxe\ncall shout hey").find("call shout: no such label"), std::string::npos);
}

TEST_F(Routines, IncludedScriptsMayIncludeAndAreKnownToTheIncludingScript) {
    add_image("inner", "#!ipxe\nreturn\n:deep echo deep");
    add_image("outer", "#!ipxe\ninclude inner\nreturn\n:middle call deep");
    EXPECT_EQ(output("#!ipxe\ninclude outer\ncall middle\ncall deep"), "deep\ndeep\n");
}

TEST_F(Routines, ExitInAnIncludedScriptEndsBoth) {
    add_image("lib", "#!ipxe\nexit 1");
    EXPECT_EQ(&run("#!ipxe\ninclude lib || echo never").failure(), &kExitStatus);
    add_image("text", "no script");
    EXPECT_EQ(output("#!ipxe\ninclude text || echo no"), "include text: not a script\nno\n");
    add_image("self", "#!ipxe\ninclude self");
    EXPECT_NE(failure("#!ipxe\ninclude self").find("too many calls within one another"), std::string::npos);
}

TEST_F(Routines, ChainReplaceInARoutineReplacesTheScript) {
    add_image("other", "#!ipxe\necho other");
    EXPECT_EQ(output("#!ipxe\ncall a\necho never\n:a\nchain --replace other\necho never"), "other\n");
}

TEST_F(Routines, TrapCatchesALineThatFails) {
    EXPECT_EQ(output("#!ipxe\ntrap failed\necho a\nimgfree nothing\necho never\n:failed\necho ${error-line} ${error}"),
              "a\nimgfree nothing: there is no image of that name\ntest.ipxe:4 imgfree nothing: there is no image of that name\n");
    EXPECT_EQ(output("#!ipxe\ntrap failed\niseq a b\necho never\n:failed\necho caught"), "caught\n");
    EXPECT_EQ(output("#!ipxe\ntrap failed\niseq a b || echo caught\nexit\n:failed\necho never"), "caught\n");
}

TEST_F(Routines, TrapHoldsForOneFailure) {
    EXPECT_EQ(failure("#!ipxe\ntrap failed\niseq a b\n:failed\niseq c d"), "test.ipxe:5: iseq: the values differ\n    iseq c d\n");
    EXPECT_EQ(output("#!ipxe\nset n:int32 0\n:failed inc n\nis ${n} < 4 || exit\ntrap failed\necho ${n}\niseq a b"), "1\n2\n3\n");
}

TEST_F(Routines, TrapCanBeTakenAway) {
    EXPECT_FALSE(run("#!ipxe\ntrap failed\ntrap\niseq a b\n:failed").ok());
    EXPECT_NE(failure("#!ipxe\ntrap nowhere").find("trap nowhere: no such label"), std::string::npos);
}

TEST_F(Routines, TrapIsForItsOwnScriptAndCatchesWhatItCalls) {
    add_image("inner", "#!ipxe\nimgfree nothing");
    EXPECT_EQ(output("#!ipxe\ntrap failed\nchain inner\n:failed echo ${error-line}"),
              "inner:2: imgfree nothing: there is no image of that name\n    imgfree nothing\n"
              "chain inner: there is no image of that name\ntest.ipxe:3\n");
    add_image("traps", "#!ipxe\ntrap x\n:x");
    EXPECT_FALSE(run("#!ipxe\nchain traps\niseq a b\n:x").ok());
    EXPECT_EQ(output("#!ipxe\ntrap failed\ncall a\nexit\n:a\niseq a b\n:failed echo ${error-line}"),
              "test.ipxe:6: iseq: the values differ\n    iseq a b\ncall a: the values differ\ntest.ipxe:3\n");
}

TEST_F(Routines, TrapDoesNotStandInTheWayOfCtrlC) {
    host::type("\x03\x03");
    EXPECT_EQ(&run("#!ipxe\n:again trap again\nsleep 5").failure(), &util::kCancelled);
}

}  // namespace
}  // namespace scripts
