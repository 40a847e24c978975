// What a command's arguments are, as its usage tells it.
#include "scripts/argument_kind.h"

#include <gtest/gtest.h>

namespace scripts {
namespace {

ArgumentKind kind(const char* command, std::size_t at) { return argument_kind(*find_command(command), at); }

TEST(ArgumentKind, IsReadFromTheUsage) {
    EXPECT_EQ(kind("goto", 0), ArgumentKind::Label);
    EXPECT_EQ(kind("goto", 1), ArgumentKind::None);
    EXPECT_EQ(kind("set", 0), ArgumentKind::Setting);
    EXPECT_EQ(kind("set", 7), ArgumentKind::Text);
    EXPECT_EQ(kind("dhcp", 0), ArgumentKind::Interface);
    EXPECT_EQ(kind("dhcp", 3), ArgumentKind::Interface);
    EXPECT_EQ(kind("chain", 0), ArgumentKind::UriOrImage);
    EXPECT_EQ(kind("sanhook", 1), ArgumentKind::Uri);
    EXPECT_EQ(kind("imgfree", 0), ArgumentKind::Image);
    EXPECT_EQ(kind("time", 0), ArgumentKind::Command);
    EXPECT_EQ(kind("item", 0), ArgumentKind::Item);
    EXPECT_EQ(kind("choose", 0), ArgumentKind::Setting);
    EXPECT_EQ(kind("sync", 0), ArgumentKind::None);
}

TEST(ArgumentKind, IsReadFromTheUsageForOptionsAsWell) {
    const Command& choose = *find_command("choose");
    EXPECT_EQ(option_value_kind(choose, "default"), ArgumentKind::Item);
    EXPECT_EQ(option_value_kind(choose, "timeout"), ArgumentKind::Text);
    EXPECT_EQ(option_value_kind(choose, "retimeout"), ArgumentKind::Text);
    EXPECT_EQ(option_value_kind(choose, "keep"), ArgumentKind::None);
    EXPECT_EQ(option_value_kind(choose, "frobnicate"), ArgumentKind::None);
}

TEST(ArgumentKind, KnowsEveryNameThatStandsInAUsage) {
    for (const Command& command : commands()) {
        std::string_view usage = command.usage;
        for (std::size_t at = 0; (at = usage.find('<', at)) != usage.npos; ++at) {
            std::string_view name = usage.substr(at + 1, usage.find('>', at) - at - 1);
            EXPECT_TRUE(kind_of_placeholder(name)) << command.name << ": " << name;
        }
    }
}

}  // namespace
}  // namespace scripts
