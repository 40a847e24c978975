// What params and param send to a server.
#include "scripts/form_parameters.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Parameters : testing::Test, TestSystem {
    std::string form(std::string_view name = {}) {
        FormParameters* list = system.form_parameters.find(name);
        return list ? std::string(list->form.view()) : "none";
    }
};

TEST_F(Parameters, AreEncodedInTheirOrder) {
    EXPECT_TRUE(run("#!ipxe\nparams\nparam mac 52:54:00\nparam a&b one  two=\nparam empty").ok());
    EXPECT_EQ(form(), "mac=52%3A54%3A00&a%26b=one%20two%3D&empty=");
    EXPECT_TRUE(run("#!ipxe\nparams\nparam x y").ok());
    EXPECT_EQ(form(), "x=y");
}

TEST_F(Parameters, HaveNamesAndHeaders) {
    EXPECT_TRUE(run("#!ipxe\nparams --name l\nparam --params l --header X-Key a b\nparam --params l k v").ok());
    EXPECT_EQ(system.form_parameters.find("l")->headers.view(), "X-Key: a b\r\n");
    EXPECT_EQ(form("l"), "k=v");
    EXPECT_EQ(form(), "none");
    EXPECT_TRUE(run("#!ipxe\nparams --name l --delete").ok());
    EXPECT_EQ(form("l"), "none");
    EXPECT_FALSE(run("#!ipxe\nparam a b").ok());
}

TEST_F(Parameters, CannotSmuggleHeadersOrEatTheHeap) {
    FormParameters list;
    EXPECT_FALSE(list.add_header("A", "b\r\nC: d").ok());
    EXPECT_FALSE(list.add_header("A: b", "c").ok());
    EXPECT_FALSE(list.add_header("", "c").ok());
    std::string large(FormParameters::kLongest, 'x');
    EXPECT_FALSE(list.add_header("A", large).ok());
    EXPECT_FALSE(list.add_field("a", large).ok());
    for (int i = 0; i < 10000; ++i) (void)list.add_field("abcdef", "ghijkl");
    EXPECT_LE(list.form.size(), FormParameters::kLongest);
}

TEST_F(Parameters, AreSentWhenTheUriAsksForThem) {
    EXPECT_FALSE(run("#!ipxe\nchain http://10.0.2.2/x##params=nowhere").ok());
    EXPECT_NE(host::console_output().find("there is no such list of parameters"), std::string::npos) << host::console_output();
}

}  // namespace
}  // namespace scripts
