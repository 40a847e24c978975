// HTTP against nginx, over the host's own sockets.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <utility>

#include "net/fetch/http.h"
#include "net/fetch/http_requester.h"
#include "net/tls/tls_stream.h"
#include "tests/host/host.h"
#include "tests/host/posix_stream.h"
#include "tests/slirp/posix_datagrams.h"
#include "tests/targets/real_target.h"
#include "tests/unit/net/certificates.h"

namespace {

constexpr std::size_t kFileSize = 5000003;

class Entropy final : public net::Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(rand());
    }
};

// Has something happen once, in the middle of a file.
class Interrupted final : public net::FetchSink {
  public:
    Interrupted(net::FetchSink& sink, std::function<void()> happens) : sink_(sink), happens_(std::move(happens)) {}
    util::Result<void> begin(std::optional<std::uint64_t> size) override { return sink_.begin(size); }
    util::Result<void> write(util::Bytes data) override {
        written_ += data.size();
        if (happens_ && written_ > kFileSize / 4) std::exchange(happens_, nullptr)();
        return sink_.write(data);
    }

  private:
    net::FetchSink& sink_;
    std::function<void()> happens_;
    std::size_t written_ = 0;
};

class TestSecurer final : public net::Securer {
  public:
    TestSecurer(util::Loop& loop, net::Random& random) : loop_(loop), random_(random) {}
    util::Result<util::Owned<net::Stream>> secure(util::Owned<net::Stream> below, std::string_view host, util::TextSink& detail) override {
        // Some day of the certificates' century.
        return util::Owned<net::Stream>(TRY(net::TlsStream::open({loop_, random_, store, 1'800'000'000, detail}, std::move(below), name.empty() ? host : name)));
    }
    net::TrustStore store;
    std::string_view name;  // that the server is to prove, instead of its host

  private:
    util::Loop& loop_;
    net::Random& random_;
};

class Nginx : public testing::Test {
  protected:
    virtual std::string listens() { return std::to_string(port) + ";"; }
    void SetUp() override {
        if (!targets::installed("nginx")) GTEST_SKIP() << "nginx is not installed";
        host::use_real_time(host::wait_for_sockets);
        scratch.file("file", kFileSize);
        scratch.write("passwords", "me:{PLAIN}p@ss\n");
        std::string own = scratch.path();
        std::string paths;
        for (auto kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) paths += std::string(kind) + "_temp_path " + own + "/" + kind + ";\n";
        std::string config = scratch.write(
            "nginx.conf", "daemon off; master_process off; user root; pid " + own + "/pid; error_log " + own + "/error; events {}\n" +
                              "http { access_log off; default_type text/plain;\n" + paths + "server { listen 127.0.0.1:" + listens() +
                              " root " + own +
                              ";\n location /private/ { alias " + own + "/; auth_basic x; auth_basic_user_file " + own +
                              "/passwords; }\n location = /moved { return 302 /file; }\n location = /round { return 301 /round; }\n"
                              " location /slow/ { alias " + own + "/; limit_rate 4m; }\n"
                              " location /once/ { alias " + own + "/; keepalive_timeout 0; }\n location = /words { return 404 \"not here\\nbut there\"; } } }\n");
        if (geteuid() == 0) std::filesystem::permissions(own, std::filesystem::perms{0755});
        arguments = {"nginx", "-p", own, "-c", config, "-e", own + "/error"};
        start();
        context.connector = &connector;
    }
    void start() {
        ASSERT_TRUE(server.start(arguments));
        ASSERT_TRUE(targets::wait_for_port(port));
    }
    void TearDown() override {
        context.close_connections();
        host::reset();
    }
    const util::Failure* get(const std::string& path, const std::string& user = "") { return get_while(path, nullptr, user); }
    const util::Failure* get_while(const std::string& path, std::function<void()> happens, const std::string& user = "") {
        sink = std::make_unique<net::MemorySink>(std::size_t{16} << 20);
        Interrupted interrupted(*sink, std::move(happens));
        auto uri = net::Uri::parse(scheme + "://" + user + "127.0.0.1:" + std::to_string(port) + path).take();
        auto result = net::fetch(context, uri, interrupted);
        return result.ok() ? nullptr : &result.failure();
    }
    void expect_file() {
        ASSERT_EQ(sink->bytes().size(), kFileSize);
        for (std::size_t i = 0; i < kFileSize; ++i) ASSERT_EQ(sink->bytes()[i], targets::pattern(i)) << i;
    }

    targets::Scratch scratch;
    targets::Process server;
    std::vector<std::string> arguments;
    std::string scheme = "http";
    int port = targets::free_port();
    util::Loop loop;
    Entropy random;
    net::DnsSettings dns;
    host::PosixDatagrams datagrams;
    host::PosixConnector connector;
    net::FetchContext context{loop, datagrams, random, dns, {}};
    std::unique_ptr<net::MemorySink> sink;
};

class NginxWithTls : public Nginx {
  protected:
    std::string listens() override {
        std::string chain = scratch.write("chain", std::string(certificates::server) + "\n" + certificates::middle + "\n");
        return std::to_string(port) + " ssl; ssl_certificate " + chain + "; ssl_certificate_key " + scratch.write("key", certificates::server_key) +
               ";" + more;
    }
    void SetUp() override {
        securer.name = "server.example";
        ASSERT_TRUE(securer.store.add(util::as_bytes(certificates::root), net::Trust::Trusted).ok());
        context.securer = &securer;
        scheme = "https";
        Nginx::SetUp();
    }
    std::string more;
    TestSecurer securer{loop, random};
};

class NginxWithAes : public NginxWithTls {
    void SetUp() override {
        more = " ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384; ssl_ecdh_curve secp384r1;";
        NginxWithTls::SetUp();
    }
};

class NginxWithTls13Alone : public NginxWithTls {
    void SetUp() override {
        more = " ssl_protocols TLSv1.3;";
        NginxWithTls::SetUp();
    }
};

TEST_F(NginxWithTls, ServesFilesOverOneConnection) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(get("/file"), nullptr) << std::string(context.detail.view());
        expect_file();
        EXPECT_TRUE(context.kept.stream);
    }
    EXPECT_EQ(get("/once/file"), nullptr);
    expect_file();
    EXPECT_EQ(get("/private/file", "me:p%40ss@"), nullptr);
    expect_file();
}

TEST_F(NginxWithTls, MustProveItsName) {
    securer.name = "other.example";
    EXPECT_EQ(get("/file"), &net::kCertificateName);
    EXPECT_EQ(context.detail.view(), "other.example: the certificate is for server.example, *.wild.example, 10.0.2.2");
}

TEST_F(NginxWithTls, AFileGoesOnWhenTheServerIsStartedAgain) {
    EXPECT_EQ(get_while("/slow/file", [&] {
        server.stop();
        start();
    }), nullptr);
    expect_file();
}

TEST_F(NginxWithAes, ServesFiles) {
    EXPECT_EQ(get("/file"), nullptr) << std::string(context.detail.view());
    expect_file();
}

TEST_F(NginxWithTls13Alone, SaysThatItWantsAnotherVersion) {
    EXPECT_EQ(get("/file"), &net::kTlsAlert);
    EXPECT_EQ(context.detail.view(), "the server's alert: protocol version: it wants another one than TLS 1.2");
}

TEST_F(Nginx, ServesFilesOverOneConnection) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(get("/file"), nullptr);
        expect_file();
        EXPECT_TRUE(context.kept.stream);
    }
    EXPECT_EQ(get("/once/file"), nullptr);
    expect_file();
    EXPECT_FALSE(context.kept.stream);
}

TEST_F(Nginx, AFileGoesOnWhenTheServerIsStartedAgain) {
    EXPECT_EQ(get_while("/slow/file", [&] {
        server.stop();
        start();
    }), nullptr);
    expect_file();
}

TEST_F(Nginx, AFileThatHasChangedMeanwhileDoesNotGoOn) {
    EXPECT_EQ(get_while("/slow/file", [&] {
        server.stop();
        scratch.file("file", kFileSize + 1);
        start();
    }), &net::kHttpChanged);
    EXPECT_LT(sink->bytes().size(), kFileSize);
}

TEST_F(Nginx, RedirectsAndRefuses) {
    EXPECT_EQ(get("/moved"), nullptr);
    expect_file();
    EXPECT_EQ(get("/round"), &net::kHttpRedirects);
    EXPECT_EQ(get("/nothing"), &net::kHttpNotFound);
    EXPECT_EQ(get("/words"), &net::kHttpNotFound);
    EXPECT_EQ(context.detail.view(), "404 Not Found: not here");
}

TEST_F(Nginx, AsksForAPassword) {
    EXPECT_EQ(get("/private/file"), &net::kHttpUnauthorized);
    EXPECT_EQ(get("/private/file", "me:wrong@"), &net::kHttpUnauthorized);
    EXPECT_EQ(get("/private/file", "me:p%40ss@"), nullptr);
    expect_file();
}

}  // namespace
