// The line editor and the shell, as a person types.
#include <gtest/gtest.h>
#include <platform/console.h>

#include "scripts/shell.h"
#include "tests/host/screen_picture.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Editing : testing::Test {
    util::Loop loop;
    History history;
    LineEditor editor{loop, "> ", &history};

    std::string enter(std::initializer_list<int> keys) {
        for (int key : keys) host::type_key(key);
        host::type_key('\r');
        EXPECT_TRUE(editor.edit().ok());
        return std::string(editor.line());
    }
};

constexpr int control(char letter) {
    return letter & 0x1f;
}
using namespace platform;

TEST_F(Editing, InsertsAndDeletesAtTheCursor) {
    EXPECT_EQ(enter({'a', 'c', kKeyLeft, 'b', kKeyEnd, 'd'}), "abcd");
    EXPECT_EQ(enter({'a', 'b', 'c', kKeyHome, kKeyDelete, kKeyRight, 8}), "c");
    EXPECT_EQ(enter({'a', 0x7f, 0x7f, 'b', kKeyRight, kKeyDelete}), "b");
}

// As a terminal sends them: each byte is a key.
TEST_F(Editing, GoesByCharacters) {
    EXPECT_EQ(enter({0xc3, 0xa4, 'b', kKeyLeft, kKeyLeft, 'x', kKeyRight, 'y'}), "x\u00e4yb");
    EXPECT_EQ(enter({'a', 0xe2, 0x82, 0xac, 8, 'b'}), "ab");
    EXPECT_EQ(enter({0xf0, 0x9f, 0x98, 0x80, kKeyHome, kKeyDelete, 'c'}), "c");
    EXPECT_EQ(enter({0xe2, 0x82, kKeyLeft, 8, 'x'}), "x\x82");  // code page 437: one each
    // What stands between the halves of one goes away: the cursor is behind the whole.
    EXPECT_EQ(enter({0xc3, 'x', 0xa4, kKeyLeft, 8, 'y'}), "\u00e4y");
    EXPECT_EQ(enter({0xa4, kKeyHome, 0xc3, 'y'}), "\u00e4y");
}

TEST_F(Editing, ShowsACharacterInAColumn) {
    std::string line;
    for (int i = 0; i < 100; ++i) line += "\u00fc";
    host::type("\r");
    ASSERT_TRUE(editor.edit(line).ok());
    EXPECT_EQ(editor.line(), line);
    std::string shown = host::console_output();
    EXPECT_NE(shown.find("> " + std::string(76, 'u') + "\x1b[K"), std::string::npos) << shown;
}

TEST_F(Editing, KnowsEmacsKeys) {
    EXPECT_EQ(enter({'o', 'n', 'e', ' ', 't', 'w', 'o', control('W'), 'x'}), "one x");
    EXPECT_EQ(enter({'a', 'b', control('A'), control('K'), 'c', control('Y')}), "cab");
    EXPECT_EQ(enter({'a', 'b', control('B'), control('U'), control('E'), control('Y')}), "ba");
    EXPECT_EQ(enter({'a', 'b', control('A'), control('F'), control('D')}), "a");
}

TEST_F(Editing, RecallsHistoryAndTheLineBegun) {
    history.add("first");
    history.add("second");
    history.add("second");
    history.add("  ");
    EXPECT_EQ(history.size(), 2u);
    EXPECT_EQ(enter({kKeyUp}), "second");
    EXPECT_EQ(enter({kKeyUp, kKeyUp, kKeyUp}), "first");
    EXPECT_EQ(enter({'n', kKeyUp, kKeyUp, kKeyDown, kKeyDown, kKeyDown}), "n");
    for (int i = 0; i < 1000; ++i) history.add("line " + std::to_string(i));
    EXPECT_EQ(history.size(), History::kMost / 9);
    EXPECT_EQ(history[history.size() - 1], "line 999");
    EXPECT_EQ(history[0], "line 887");
    history.add(std::string(History::kMost, 'x'));
    EXPECT_EQ(history[history.size() - 1], "line 999");
}

TEST_F(Editing, EndsOnCtrlDAndCtrlC) {
    host::type_key(control('D'));
    EXPECT_EQ(editor.edit().value(), LineEnd::EndOfInput);
    host::type("abc\x03");
    EXPECT_EQ(&editor.edit().failure(), &util::kCancelled);
}

TEST_F(Editing, ScrollsLongLinesAndBoundsThem) {
    host::type(std::string(3000, 'x') + "\r");
    ASSERT_TRUE(editor.edit().ok());
    EXPECT_EQ(editor.line().size(), LineBuffer::kLongestLine);
}

TEST_F(Editing, UsesTheWholeRowOfAWideScreen) {
    host::set_console_size({132, 40});
    host::console_output().clear();
    std::string line(120, 'x');
    host::type(line + "\r");
    ASSERT_TRUE(editor.edit().ok());
    EXPECT_EQ(host::ScreenPicture(host::console_output(), 132, 40).line(1), "> " + line);
    host::set_console_size({80, 24});
}

TEST_F(Editing, ScrollsALineWithoutLeavingItsRow) {
    for (unsigned columns : {20u, 40u, 80u, 132u, 300u}) {
        host::set_console_size({columns, 24});
        host::console_output().clear();
        for (int i = 0; i < 350; ++i) host::type_key('a' + i % 26);
        host::type_key(kKeyHome);
        host::type("<");
        host::type_key(kKeyEnd);
        host::type(">");
        for (int i = 0; i < 300; ++i) host::type_key(kKeyLeft);
        host::type("\x01\x03");
        EXPECT_FALSE(editor.edit().ok());
        host::ScreenPicture seen(host::console_output(), columns, 24);
        EXPECT_EQ(seen.line(1).substr(0, 8), "> ^Cbcde") << columns;
        EXPECT_EQ(seen.line(2), "") << columns;
        EXPECT_EQ(seen.row(), 2u) << columns;
    }
    host::set_console_size({80, 24});
}

struct Shell : testing::Test, TestSystem {
    Shell() { start(); }
};

TEST_F(Shell, RunsLinesUntilExit) {
    host::type("echo hi\rnonsense\rgoto x\r\x10\x10\x10\x0b\rexit 1\r");
    EXPECT_FALSE(run_shell(system).ok());
    std::string& out = host::console_output();
    EXPECT_NE(out.find("\nhi\n"), std::string::npos);
    EXPECT_NE(out.find("\nnonsense: no such command\n"), std::string::npos);
    EXPECT_NE(out.find("\ngoto x: works in scripts only\n"), std::string::npos);
    EXPECT_NE(out.find("\nhi\n", out.find("\nhi\n") + 1), std::string::npos);
    host::type("\x04");
    EXPECT_TRUE(run_shell(system).ok());
}

TEST_F(Shell, RunsFromAScriptAndGoesOnThere) {
    host::type("echo inside\rexit\r");
    EXPECT_TRUE(run("#!ipxe\nshell\ngoto on\n:on echo after").ok());
    EXPECT_NE(host::console_output().find("\nafter\n"), std::string::npos);
}

TEST_F(Shell, GoesOnInItsScriptWhereGotoSays) {
    host::type("goto nowhere\rset fixed 1\rgoto again\r");
    std::string out = output("#!ipxe\n:again isset ${fixed} && goto on ||\nshell && echo never || echo never\necho never\n:on echo after ${fixed}");
    EXPECT_NE(out.find("\ngoto nowhere: no such label\n"), std::string::npos) << out;
    EXPECT_TRUE(out.ends_with("\nafter 1\n")) << out;
    EXPECT_EQ(out.find("never"), std::string::npos) << out;
    // A script that the shell runs has labels of its own, and none of them afterwards.
    host::type("goto inner\rexit\r");
    out = output("#!ipxe\nshell\necho back");
    EXPECT_NE(out.find("goto inner: no such label"), std::string::npos) << out;
    EXPECT_TRUE(out.ends_with("\nback\n")) << out;
    host::type("goto x\r\x04");
    EXPECT_TRUE(run_shell(system).ok());
    EXPECT_NE(host::console_output().find("goto x: works in scripts only"), std::string::npos);
}

}  // namespace
}  // namespace scripts
