#include "util/md5.h"

#include <algorithm>

#include "util/hash.h"

namespace util {
namespace {

std::string hex(const Md5::Digest& digest) {
    std::string text;
    for (std::byte value : digest) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(value) >> 4];
        text += "0123456789abcdef"[std::to_integer<unsigned>(value) & 15];
    }
    return text;
}

// RFC 1321, A.5.
TEST(Md5, DigestsWhatItIsGivenInPieces) {
    Md5 md5;
    EXPECT_EQ(hex(md5.digest()), "d41d8cd98f00b204e9800998ecf8427e");
    md5.update(as_bytes("message "));
    md5.update(as_bytes("digest"));
    EXPECT_EQ(hex(md5.digest()), "f96b697d7cb7938d525a2f31aaf161d0");
}

// Every length around a block's end, and more than two blocks.
TEST(Md5, AgreesWithAnotherOne) {
    std::string text;
    for (int size = 0; size <= 200; ++size) {
        Md5 md5;
        md5.update(as_bytes(text));
        Hash other(HashAlgorithm::Md5);
        other.update(as_bytes(text));
        EXPECT_TRUE(std::ranges::equal(md5.digest(), other.digest())) << size;
        text += static_cast<char>(size * 37);
    }
}

}  // namespace
}  // namespace util
