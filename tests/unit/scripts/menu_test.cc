// Menus and forms, as a person sees and uses them.
#include <platform/console.h>

#include "tests/host/screen_picture.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

using namespace platform;

struct Menus : testing::Test, TestSystem {
    void type(std::initializer_list<int> keys) {
        for (int key : keys) host::type_key(key);
    }
    std::string setting(std::string_view name) { return std::string(system.settings.text(name).view()); }
    platform::TextSize size = platform::kUsualSize;
    void set_size(unsigned columns, unsigned rows) { host::set_console_size(size = {columns, rows}); }
    host::ScreenPicture seen() { return host::ScreenPicture(host::console_output(), size.columns, size.rows).before_clearing(); }
    // What follows is bytes, as a terminal sends them.
    void type(std::string_view bytes) { host::type(bytes); }
    // A menu of three, with a gap on top; what was chosen.
    std::string choose(std::string_view options = "") {
        auto status = run("#!ipxe\nmenu Boot menu\nitem --gap -- ---- Systems ----\nitem linux Start Linux\nitem --key w windows Start Windows\n"
                          "item --gap\nitem shell\nchoose " + std::string(options) + " target\n");
        return status.ok() ? setting("target") : status.failure().text;
    }
};

TEST_F(Menus, ShowTitleAndItemsAndChooseTheSelectedOne) {
    type({kKeyDown, '\r'});
    EXPECT_EQ(choose(), "windows");
    auto picture = seen();
    EXPECT_NE(picture.line(2).find("   Boot menu"), std::string::npos);
    EXPECT_EQ(picture.line(4), "  ---- Systems ----");
    EXPECT_EQ(picture.line(5), "  Start Linux");
    EXPECT_EQ(picture.line(6), "  Start Windows");
    EXPECT_EQ(picture.line(7), "");
    EXPECT_EQ(picture.line(8), "  shell");
    EXPECT_EQ(picture.background(6, 40), 1u);  // the selected one
    EXPECT_EQ(picture.background(5, 40), 4u);
}

TEST_F(Menus, LeaveAClearScreenBehind) {
    type({'\r'});
    choose();
    host::ScreenPicture picture(host::console_output());
    EXPECT_EQ(picture.text().find_first_not_of(" \n"), std::string::npos);
    EXPECT_EQ(picture.background(1, 1), 9u);
}

TEST_F(Menus, PassGapsAndStopAtTheEnds) {
    type({kKeyUp, kKeyUp, kKeyDown, kKeyDown, kKeyDown, kKeyDown, '\r'});
    EXPECT_EQ(choose(), "shell");
    type({kKeyEnd, kKeyUp, '\n'});
    EXPECT_EQ(choose(), "windows");
    type({kKeyEnd, kKeyHome, '\r'});
    EXPECT_EQ(choose(), "linux");
}

TEST_F(Menus, BeginWithTheDefault) {
    type({'\r'});
    EXPECT_EQ(choose("--default windows"), "windows");
    type({'\r'});
    EXPECT_EQ(choose("--default nowhere"), "linux");
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nmenu\nitem a\nitem --default b\nitem c\nchoose x").ok());
    EXPECT_EQ(setting("x"), "b");
}

TEST_F(Menus, ShortcutKeysChooseAtOnce) {
    type({'w'});
    EXPECT_EQ(choose(), "windows");
    type({kKeyF1 + 11});
    EXPECT_TRUE(run("#!ipxe\nmenu\nitem a\nitem --key 0x197e b\nchoose x").ok());
    EXPECT_EQ(setting("x"), "b");
}

TEST_F(Menus, CountDownToTheDefault) {
    EXPECT_EQ(choose("--default windows --timeout 5000"), "windows");
    std::string output = host::console_output();
    for (const char* step : {"(5)", "(4)", "(3)", "(2)", "(1)"}) EXPECT_NE(output.find(step), std::string::npos) << step;
    EXPECT_EQ(loop.now().us(), 5000000);
}

TEST_F(Menus, AKeyEndsTheCountdownUnlessItIsStrict) {
    type({kKeyDown});
    EXPECT_EQ(choose("--timeout 3000 --strict"), "windows");
    EXPECT_EQ(loop.now().us(), 3000000);
    type({kKeyDown});
    EXPECT_EQ(choose("--timeout 3000 --retimeout 10000"), "windows");
    EXPECT_EQ(loop.now().us(), 13000000);
    type({kKeyDown, '\r'});
    EXPECT_EQ(choose("--timeout 3000"), "windows");
    EXPECT_EQ(seen().line(6), "  Start Windows");
}

TEST_F(Menus, EscapeAndCtrlCChooseNothing) {
    type({0x1b});
    EXPECT_EQ(choose(), "nothing was chosen");
    EXPECT_EQ(setting("target"), "");
    type({kCtrlC});
    EXPECT_EQ(choose(), util::kCancelled.text);
}

TEST_F(Menus, SayWhatIsWrittenWrongButNotThatNothingWasChosen) {
    EXPECT_TRUE(run("#!ipxe\nchoose --menu m x || echo none").ok());
    EXPECT_EQ(host::console_output(), "choose x: there is no such menu or form\nnone\n");
    EXPECT_TRUE(run("#!ipxe\nmenu\nitem --gap Nothing here\nchoose x || echo empty").ok());
    EXPECT_NE(host::console_output().find("choose x: the menu has no item that can be chosen\nempty\n"), std::string::npos);
    type({0x1b});
    EXPECT_TRUE(run("#!ipxe\nmenu\nitem a\nchoose x || echo left").ok());
    EXPECT_TRUE(host::console_output().ends_with("\x1b[Hleft\n"));
    EXPECT_TRUE(run("#!ipxe\nprompt --key F12 || echo no key\ncpuid 32 || echo no bit").ok());
    EXPECT_EQ(host::console_output(), "prompt: not a valid value for the option\nno key\ncpuid 32: not a valid value for the option\nno bit\n");
}

TEST_F(Menus, AreGoneWhenUsedUnlessTheyAreKept) {
    type({'\r', '\r'});
    EXPECT_TRUE(run("#!ipxe\nmenu --name m\nitem --menu m a\nchoose --menu m --keep x\nchoose --menu m x\nchoose --menu m x || set gone yes").ok());
    EXPECT_EQ(setting("gone"), "yes");
    EXPECT_FALSE(run("#!ipxe\nitem a").ok());
    EXPECT_FALSE(run("#!ipxe\nmenu\nchoose x").ok());
    EXPECT_FALSE(run("#!ipxe\nmenu\nitem --gap a\nchoose x").ok());
    EXPECT_FALSE(run("#!ipxe\nmenu --name m\nmenu --name m --delete\nitem --menu m a").ok());
}

TEST_F(Menus, ScrollWhenTheyAreLong) {
    std::string script = "#!ipxe\nmenu Long\n";
    for (int i = 0; i < 40; ++i) script += "item i" + std::to_string(i) + " Item " + std::to_string(i) + "\n";
    type({kKeyPageDown, kKeyPageDown, '\r'});
    EXPECT_TRUE(run(script + "choose x").ok());
    EXPECT_EQ(setting("x"), "i34");
    auto picture = seen();
    EXPECT_EQ(picture.line(21), "  Item 34");
    EXPECT_EQ(picture.line(4), "  Item 17");
    EXPECT_NE(picture.line(3).find("..."), std::string::npos);
    EXPECT_NE(picture.line(22).find("..."), std::string::npos);
    type({kKeyEnd, kKeyHome, '\r'});
    EXPECT_TRUE(run(script + "choose x").ok());
    EXPECT_EQ(setting("x"), "i0");
    EXPECT_EQ(seen().line(4), "  Item 0");
    EXPECT_EQ(seen().line(3), "");
}

TEST_F(Menus, FillLargerScreens) {
    set_size(100, 37);
    std::string script = "#!ipxe\nsanhook nonsense: || echo caught\nmenu Long\n";
    for (int i = 0; i < 60; ++i) script += "item i" + std::to_string(i) + " " + std::to_string(i) + std::string(200, 'x') + "\n";
    type({kKeyPageDown, '\r'});
    EXPECT_TRUE(run(script + "choose x").ok());
    EXPECT_EQ(setting("x"), "i30");
    EXPECT_EQ(seen().line(2), std::string(48, ' ') + "Long");
    EXPECT_EQ(seen().line(4), "  0" + std::string(95, 'x'));
    EXPECT_EQ(seen().line(34), "  30" + std::string(94, 'x'));
    EXPECT_EQ(seen().background(34, 98), 1u);
    EXPECT_NE(seen().line(35).find("..."), std::string::npos);
    EXPECT_EQ(seen().line(36).rfind(" sanhook nonsense:", 0), 0u) << seen().text();
}

// Text within margins.
TEST_F(Menus, FitIntoSmallerScreens) {
    set_size(50, 12);
    std::string script = "#!ipxe\nmenu Long\n";
    for (int i = 0; i < 60; ++i) script += "item i" + std::to_string(i) + " " + std::to_string(i) + std::string(200, 'x') + "\n";
    type({kKeyEnd, kKeyPageUp, '\r'});
    EXPECT_TRUE(run(script + "choose --timeout 99000 x").ok());
    EXPECT_EQ(setting("x"), "i54");
    EXPECT_EQ(seen().line(2), std::string(23, ' ') + "Long");
    EXPECT_EQ(seen().line(4), "  54" + std::string(44, 'x'));
    EXPECT_EQ(seen().line(9), "  59" + std::string(44, 'x'));
    EXPECT_EQ(seen().line(10), "");
    set_size(3, 2);
    type({'x', '\r', 'y', '\r', kKeyEnd, '\r', kKeyEnd, 0x1b});
    EXPECT_TRUE(run("#!ipxe\nform\nitem a\nitem b\npresent\nmenu\nitem a\nitem --gap\nitem b\nchoose c\nconfig").ok());
    EXPECT_EQ(setting("a") + setting("b") + setting("c"), "xyb");
}

TEST_F(Menus, AThousandItemsAreReachedByAllKeys) {
    std::string script = "#!ipxe\nmenu Long\n";
    for (int i = 0; i < 1000; ++i) {
        script += i == 777 ? "item --key k --default i777 Item 777\n" : i % 10 == 9 ? "item --gap -- gap\n" : "item i" + std::to_string(i) + "\n";
    }
    auto chosen = [&](std::initializer_list<int> keys, std::string_view options = "") {
        type(keys);
        EXPECT_TRUE(run(script + "choose " + std::string(options) + " x").ok());
        return setting("x");
    };
    EXPECT_EQ(chosen({'\r'}), "i777");
    EXPECT_EQ(seen().line(21), "  Item 777");
    EXPECT_EQ(chosen({kKeyHome, '\r'}), "i0");
    EXPECT_EQ(chosen({kKeyEnd, '\r'}), "i998");
    EXPECT_EQ(seen().line(20), "  i998");
    EXPECT_EQ(seen().line(21), "  gap");
    EXPECT_EQ(seen().line(22), "");
    EXPECT_EQ(chosen({kKeyHome, 'k'}), "i777");
    // Gaps are passed: 9 would be one.
    EXPECT_EQ(chosen({kKeyDown, kKeyDown, '\r'}, "--default i7"), "i10");
    EXPECT_EQ(chosen({kKeyUp, '\r'}, "--default i10"), "i8");
    for (int pages = 0; pages < 60; ++pages) host::type_key(kKeyPageDown);
    EXPECT_EQ(chosen({kKeyPageUp, '\r'}, "--default i0"), "i981");
}

TEST_F(Menus, KeepWhatWentWrongReadable) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nsanhook nonsense: || echo caught\nmenu\nitem a\nchoose x").ok());
    EXPECT_EQ(seen().line(23).rfind(" sanhook nonsense:", 0), 0u) << seen().line(23);
    // Once: it is another menu's no more. What a script only asks is none.
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\niseq a b || echo no\nmenu\nitem a\nchoose x").ok());
    EXPECT_EQ(seen().line(23), "");
}

TEST_F(Menus, TakeColoursFromTheScript) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\ncolour --basic 5 12\ncpair --foreground 7 --background 12 2\nmenu\nitem a\nchoose x").ok());
    EXPECT_EQ(seen().background(4, 10), 5u);
    EXPECT_FALSE(run("#!ipxe\ncolour --basic 10 1").ok());
    EXPECT_FALSE(run("#!ipxe\ncolour --basic 1 16").ok());
    EXPECT_FALSE(run("#!ipxe\ncpair --foreground 16 1").ok());
    EXPECT_FALSE(run("#!ipxe\ncpair --foreground 1 8").ok());
}

TEST_F(Menus, ReadWaitsOnOnceAKeyIsPressed) {
    type({'a'});
    start();
    // Nothing but the timeout and the keys would end it: Ctrl-C comes after three times the timeout.
    struct Late final : util::Poller {
        bool poll(util::Instant now) override {
            if (now < util::Instant() + util::Duration::milliseconds(300) || std::exchange(done, true)) return false;
            host::type_key(kCtrlC);
            return true;
        }
        util::Instant poll_at() const override { return done ? util::Instant::never() : util::Instant() + util::Duration::milliseconds(300); }
        bool done = false;
    } late;
    loop.add(late);
    auto status = run("#!ipxe\nread --timeout 100 x");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(&status.failure(), &util::kCancelled);
}

TEST_F(Menus, LongTextIsCutOffAtTheEdge) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nmenu " + std::string(200, 't') + "\nitem a " + std::string(200, 'x') + "\nchoose x").ok());
    EXPECT_EQ(seen().line(4), "  " + std::string(76, 'x'));
    EXPECT_EQ(seen().line(5), "");
}

TEST_F(Menus, ColoursInTextTakeNoColumnsAndEndWithIt) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nset esc:hex 1b\nset red ${esc:string}[1;41m\nmenu ${red}Title\nitem a ${red}Red" + std::string(100, 'x') +
                    "\nitem --key m b ${red}a machine\nchoose x").ok());
    auto picture = seen();
    EXPECT_EQ(picture.line(2), std::string(37, ' ') + "Title");
    EXPECT_EQ(picture.line(4), "  Red" + std::string(73, 'x'));
    EXPECT_EQ(picture.background(5, 4), 1u);
    EXPECT_EQ(picture.background(5, 40), 4u);
    // The shortcut that is underlined is a letter, not the end of the sequence.
    EXPECT_NE(host::console_output().find("a \x1b[4mm\x1b[24machine"), std::string::npos);
}

TEST_F(Menus, TheConsolesOwnColoursInTextAreTheMenus) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nset esc:hex 1b\nmenu\nitem a\nitem b ${esc:string}[41mRed${esc:string}[0m and not\nchoose x").ok());
    EXPECT_EQ(seen().background(5, 4), 1u);
    EXPECT_EQ(seen().background(5, 10), 4u);
}

TEST_F(Menus, TextCannotMoveOrClear) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nset bad:hex 1b:5b:32:4a:41:1b:63:42:07:0a:43:1b:5b:35:3b:35:48:44:1b\nmenu\nitem a ${bad:string}\nitem b\nchoose x").ok());
    EXPECT_EQ(seen().line(4), "  AB  CD");
    EXPECT_EQ(seen().line(5), "  b");
}

TEST_F(Menus, CharactersBeyondAsciiAreOneColumn) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nmenu\nitem a Gr\u00fc\u00dfe \u00c9t\u00e9 \u4f60\u597d.\nitem b \xc4\xc4\xc4\nitem c \xf0\x9f\x92\nchoose x").ok());
    EXPECT_EQ(seen().line(4), "  Gruse Ete ??.");
    EXPECT_EQ(seen().line(5), "  \xc4\xc4\xc4");  // code page 437
    EXPECT_EQ(seen().line(6), "  \xf0\x9f\x92");  // cut off
}

TEST_F(Menus, PutTheChoiceIntoASettingOfItsType) {
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nmenu Which DNS server?\nitem 8.8.8.8 Public\nchoose server:ipv4\nset hex ${server:hexhyp}\nset text ${server}").ok());
    EXPECT_EQ(setting("hex"), "08-08-08-08");
    EXPECT_EQ(setting("text"), "8.8.8.8");
    type({'\r'});
    EXPECT_FALSE(run("#!ipxe\nmenu\nitem eight\nchoose server:ipv4").ok());
}

TEST_F(Menus, LoginAsksForNameAndSecret) {
    type({'a', 'n', 'n', kKeyLeft, 8, 'e', '\t', 'p', 'w', '\r'});
    EXPECT_TRUE(run("#!ipxe\nlogin").ok());
    EXPECT_EQ(setting("username"), "aen");
    EXPECT_EQ(setting("password"), "pw");
    auto picture = seen();
    EXPECT_EQ(picture.line(4), "          Username");
    EXPECT_EQ(picture.line(5), "          aen");
    EXPECT_EQ(picture.line(8), "          **");
    EXPECT_EQ(host::console_output().find("pw"), std::string::npos);
}

TEST_F(Menus, FormsEditSettings) {
    type({'!', kKeyUp, kKeyDown, '\r', 'x', '\r'});
    EXPECT_TRUE(run("#!ipxe\nset hostname old\nform Machine\nitem hostname Its name\nitem --secret code\npresent").ok());
    EXPECT_EQ(setting("hostname"), "old!");
    EXPECT_EQ(setting("code"), "x");
    type({'x', 0x1b});
    EXPECT_FALSE(run("#!ipxe\nset hostname old\nform\nitem hostname\npresent").ok());
    EXPECT_EQ(setting("hostname"), "old");
    EXPECT_FALSE(run("#!ipxe\nform\npresent").ok());
}

TEST_F(Menus, FormsHaveGapsADefaultAndShortcuts) {
    std::string form = "#!ipxe\nset a 1\nset b 2\nform\nitem --gap -- Above\nitem --key 0x197e a A\nitem --gap\nitem --key x --default b B\nitem --gap -- Below\npresent";
    type({'x', kKeyUp, 'y', kKeyUp, 'z', '\r'});
    EXPECT_TRUE(run(form).ok());
    EXPECT_EQ(setting("a"), "1y");
    EXPECT_EQ(setting("b"), "2xz");  // the last field, although a gap is below it
    EXPECT_EQ(seen().line(4), "          Above");
    EXPECT_EQ(seen().line(7), "          A");
    EXPECT_EQ(seen().line(13), "          B");
    EXPECT_EQ(seen().line(16), "          Below");
    EXPECT_EQ(seen().background(17, 15), 4u);
    type({kKeyF1 + 11, 'w', '\r', '\r'});
    EXPECT_TRUE(run(form).ok());
    EXPECT_EQ(setting("a"), "1w");
    EXPECT_FALSE(run("#!ipxe\nform\nitem --gap only\npresent").ok());
}

TEST_F(Menus, LongFormsScroll) {
    std::string form = "#!ipxe\nform\n";
    for (int i = 0; i < 20; ++i) form += "item s" + std::to_string(i) + "\n";
    type({kKeyUp, 'x', '\r'});
    EXPECT_TRUE(run(form + "present").ok());
    EXPECT_EQ(setting("s19"), "x");
    EXPECT_EQ(seen().line(4), "          s14");
    EXPECT_EQ(seen().line(20), "          x");
    EXPECT_NE(seen().line(3).find("..."), std::string::npos);
    EXPECT_EQ(seen().line(22), "");
}

TEST_F(Menus, FieldsAreEditedByCharacters) {
    std::string_view form = "#!ipxe\nset a Gr\u00fc\u00dfe\nform\nitem a\nitem --secret b\npresent";
    type({kKeyLeft, 8, kKeyLeft});
    type("\u00e4\u20ac");
    type({kKeyDelete, '\t'});
    type("\u00e4\u00f6x\xe1\r");
    EXPECT_TRUE(run(form).ok());
    EXPECT_EQ(setting("a"), "Gr\u00e4\u20ace");
    EXPECT_EQ(setting("b"), "\u00e4\u00f6x\xe1");  // the last is of code page 437
    EXPECT_EQ(seen().line(5), "          Gra?e");
    EXPECT_EQ(seen().line(8), "          ****");
    // The longest that is seen has as many characters as the box has columns, whatever their bytes.
    std::string umlauts;
    for (int i = 0; i < 70; ++i) umlauts += "\u00fc";
    type({kKeyEnd, '!', kKeyHome, '\t', '\r'});
    EXPECT_TRUE(run("#!ipxe\nset a " + umlauts + "\nset b " + umlauts + "\nform\nitem a\nitem --secret b\npresent").ok());
    EXPECT_EQ(seen().line(5), "          " + std::string(60, 'u'));
    EXPECT_EQ(seen().line(8), "          " + std::string(59, '*'));
    // What is no character is one in its place, and does nothing.
    type({'\r'});
    EXPECT_TRUE(run("#!ipxe\nset a:hex 41:1b:5b:32:4a:07:42\nset a:string ${a:string}\nform\nitem a\npresent").ok());
    EXPECT_EQ(seen().line(5), "          A.[2J.B");
}

TEST_F(Menus, ReadEditsByCharacters) {
    type({kKeyLeft, kKeyLeft, 8});
    type("\u00f6\r");
    EXPECT_TRUE(run("#!ipxe\nset x a\u00fcb\u00dfc\necho -n Name: ${}\nread x").ok());
    EXPECT_EQ(setting("x"), "a\u00fc\u00f6\u00dfc");
    EXPECT_EQ(host::ScreenPicture(host::console_output()).line(1), "Name: auosc");
}

TEST_F(Menus, ReadHasTheRestOfTheRow) {
    std::string value(60, 'v');
    type((value + "\r").c_str());
    EXPECT_TRUE(run("#!ipxe\nset what Name\necho -n ${what} of it: ${}\nread x").ok());
    EXPECT_EQ(setting("x"), value);
    EXPECT_EQ(host::ScreenPicture(host::console_output()).line(1), "Name of it: " + value);
}

TEST_F(Menus, ReadGoesToARowOfItsOwnWhereTheQuestionLeavesLittle) {
    type((std::string(90, 'v') + "\r").c_str());
    std::string question(70, '?');
    EXPECT_TRUE(run("#!ipxe\necho -n " + question + "\nread x").ok());
    host::ScreenPicture seen(host::console_output());
    EXPECT_EQ(seen.line(1), question);
    EXPECT_EQ(seen.line(2), std::string(78, 'v'));
    EXPECT_EQ(seen.line(3), "");
}

TEST_F(Menus, ReadKnowsThatTheRowIsANewOne) {
    type((std::string(79, 'v') + "\r").c_str());
    EXPECT_TRUE(run("#!ipxe\necho -n question\necho\nread x").ok());
    EXPECT_EQ(host::ScreenPicture(host::console_output()).line(2), std::string(78, 'v'));
}

TEST_F(Menus, ReadEditsBehindWhatWasEchoed) {
    type({kKeyHome, 'n', '\r'});
    EXPECT_TRUE(run("#!ipxe\nset x ame\necho -n Name: ${}\nread x").ok());
    EXPECT_EQ(setting("x"), "name");
    EXPECT_EQ(host::ScreenPicture(host::console_output()).line(1), "Name: name");
    EXPECT_FALSE(run("#!ipxe\nread --timeout 100 x").ok());
    EXPECT_EQ(setting("x"), "name");
}

}  // namespace
}  // namespace scripts
