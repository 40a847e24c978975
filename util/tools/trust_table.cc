// Whom an image trusts (make TRUST=ca.pem,other.pem): the certificates of those files, PEM or DER, as DER one after the other, to standard output.
#include <platform/console.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "net/tls/certificate.h"
#include "net/tls/pem.h"

// What util needs of a platform.
namespace util {
void* heap_allocate(std::size_t size) { return std::malloc(size ? size : 1); }
void heap_free(void* block) { std::free(block); }
void panic(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}
}  // namespace util
namespace platform {
void console_write(std::string_view text) { std::cerr << text; }
}  // namespace platform

namespace {

bool fail(const char* file, const char* why) {
    std::cerr << "TRUST: " << file << ": " << why << '\n';
    return false;
}

bool add(const char* file) {
    std::ifstream input(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(input), {}};
    if (!input.good() && text.empty()) return fail(file, "cannot be read");
    net::PemReader reader(util::as_bytes(text));
    util::Vector<std::byte> der;
    unsigned count = 0;
    for (;; ++count) {
        auto next = reader.next("CERTIFICATE", der);
        if (!next.ok()) return fail(file, next.failure().text);
        if (!next.value()) break;
        auto certificate = net::parse_certificate(util::Bytes(der.span()));
        if (!certificate.ok()) return fail(file, certificate.failure().text);
        std::cout << util::as_text(certificate.value().der);
    }
    return count || fail(file, "there is no certificate in it");
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (!add(argv[i])) return 1;
}
