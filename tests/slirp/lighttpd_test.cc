// HTTP Digest authentication (RFC 7616) against lighttpd, over the host's own sockets.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "net/fetch/http.h"
#include "net/fetch/http_requester.h"
#include "tests/host/host.h"
#include "tests/host/posix_stream.h"
#include "tests/slirp/posix_datagrams.h"
#include "tests/targets/real_target.h"

namespace {

class Counting final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(last_ += 41);
    }

  private:
    unsigned last_ = 0;
};

class Lighttpd : public testing::Test {
  protected:
    void SetUp() override {
        if (!targets::installed("lighttpd")) GTEST_SKIP() << "lighttpd is not installed";
        host::use_real_time(host::wait_for_sockets);
        scratch.write("file", "secret");
        // user:realm:MD5(user:realm:password), of "me", "the realm", "p@ss word".
        scratch.write("passwords", "me:the realm:" + digest("me:the realm:p@ss word") + "\n");
        std::string own = scratch.path();
        std::string config = scratch.write(
            "lighttpd.conf",
            "server.bind = \"127.0.0.1\"\nserver.port = " + std::to_string(port) + "\nserver.document-root = \"" + own +
                "\"\nserver.errorlog = \"" + own + "/errors\"\nserver.modules = (\"mod_auth\", \"mod_authn_file\")\n"
                "auth.backend = \"htdigest\"\nauth.backend.htdigest.userfile = \"" + own + "/passwords\"\n"
                "auth.require = (\"/file\" => (\"method\" => \"digest\", \"algorithm\" => \"MD5\", \"realm\" => \"the realm\", \"require\" => \"valid-user\"))\n");
        if (geteuid() == 0) std::filesystem::permissions(own, std::filesystem::perms{0755});
        ASSERT_TRUE(server.start({"lighttpd", "-D", "-f", config}));
        ASSERT_TRUE(targets::wait_for_port(port));
        context.connector = &connector;
    }
    void TearDown() override {
        context.close_connections();
        host::reset();
    }
    static std::string digest(const std::string& text) {
        FILE* pipe = popen(("printf %s '" + text + "' | md5sum").c_str(), "r");
        char sum[33] = {};
        if (std::fread(sum, 1, 32, pipe) != 32) sum[0] = 0;
        pclose(pipe);
        return sum;
    }
    const util::Failure* get(const std::string& user, const std::string& query = "") {
        sink = std::make_unique<net::MemorySink>(std::size_t{1} << 20);
        auto uri = net::Uri::parse("http://" + user + "127.0.0.1:" + std::to_string(port) + "/file" + query).take();
        auto result = net::fetch(context, uri, *sink);
        return result.ok() ? nullptr : &result.failure();
    }

    targets::Scratch scratch;
    targets::Process server;
    int port = targets::free_port();
    util::Loop loop;
    Counting random;
    net::DnsSettings dns;
    host::PosixDatagrams datagrams;
    host::PosixConnector connector;
    net::FetchContext context{loop, datagrams, random, dns, {}};
    std::unique_ptr<net::MemorySink> sink;
};

TEST_F(Lighttpd, AcceptsOurDigest) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(get("me:p%40ss%20word@"), nullptr) << context.detail.view();
        EXPECT_EQ(util::as_text(sink->bytes()), "secret");
    }
    EXPECT_EQ(get("me:p%40ss%20word@", "?a=b&c=%20d"), nullptr) << context.detail.view();
}

TEST_F(Lighttpd, RefusesAWrongOne) {
    EXPECT_EQ(get(""), &net::kHttpUnauthorized);
    EXPECT_EQ(get("me:wrong@"), &net::kHttpUnauthorized);
    EXPECT_EQ(get("you:p%40ss%20word@"), &net::kHttpUnauthorized);
}

}  // namespace
