// Deflate and the sum of gzip, against what the gzip program makes.
#include "util/crc32.h"
#include "util/inflate.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tests/host/host.h"

namespace util {
namespace {

constexpr std::size_t kGzipHeader = 10, kGzipTrailer = 8;

// What gzip makes of it, without its frame.
std::string packed(const std::string& content, const char* level) {
    std::string path = testing::TempDir() + "sanpiper-inflate-test";
    std::ofstream(path, std::ios::binary) << content;
    FILE* pipe = popen(("gzip -n " + std::string(level) + " -c " + path).c_str(), "r");
    std::string output;
    char buffer[4096];
    for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe));) output.append(buffer, got);
    pclose(pipe);
    std::remove(path.c_str());
    return output.substr(kGzipHeader, output.size() - kGzipHeader - kGzipTrailer);
}

std::string unpacked(std::string_view stream, std::size_t room) {
    std::string target(room, '\0');
    auto result = inflate(as_bytes(stream), std::as_writable_bytes(std::span(target)));
    if (!result.ok()) return result.failure().text;
    EXPECT_EQ(result.value().consumed, stream.size());
    return target.substr(0, result.value().produced);
}

// Half text that repeats itself near and far, half noise.
std::string mixture(std::size_t size) {
    std::mt19937 random(7);
    std::string text;
    while (text.size() < size) {
        if (random() % 3 == 0)
            for (int i = 0; i < 40; ++i) text += static_cast<char>(random());
        else if (text.size() > 40000)
            text += text.substr(text.size() - 1 - random() % 32000, random() % 300);
        else
            text += "the quick brown fox " + std::to_string(random() % 1000);
    }
    return text;
}

TEST(Inflate, UnpacksWhatGzipPacks) {
    std::string content = mixture(300000);
    for (const char* level : {"-1", "-6", "-9"}) EXPECT_TRUE(unpacked(packed(content, level), content.size()) == content) << level;
    EXPECT_EQ(unpacked(packed("hello", "-9"), 100), "hello") << "a fixed code";
    EXPECT_EQ(unpacked(packed("", "-9"), 100), "");
    std::string same(70000, 'x');
    EXPECT_TRUE(unpacked(packed(same, "-9"), same.size()) == same);
    std::mt19937 random(1);
    std::string noise;
    while (noise.size() < 70000) noise += static_cast<char>(random());
    EXPECT_TRUE(unpacked(packed(noise, "-1"), noise.size()) == noise) << "stored blocks";
}

TEST(Inflate, PollsMeanwhileAndIsEndedByCtrlC) {
    struct Counter final : Poller {
        bool poll(Instant) override { return (++polls, false); }
        int polls = 0;
    } counter;
    Loop loop;
    loop.add(counter);
    std::string stream = packed(std::string(10 << 20, 'x'), "-9"), target(10 << 20, '\0');
    EXPECT_TRUE(inflate(as_bytes(stream), std::as_writable_bytes(std::span(target)), &loop).ok());
    EXPECT_GE(counter.polls, 9);
    host::type("\x03");
    EXPECT_EQ(&inflate(as_bytes(stream), std::as_writable_bytes(std::span(target)), &loop).failure(), &kCancelled);
}

TEST(Inflate, StopsWhereTheRoomEnds) {
    std::string stream = packed(std::string(1000, 'x'), "-9"), target(999, '\0');
    EXPECT_EQ(&inflate(as_bytes(stream), std::as_writable_bytes(std::span(target))).failure(), &kDeflateRoom);
}

TEST(Inflate, NoticesWhatIsCutOffAnywhere) {
    std::string stream = packed(mixture(5000), "-9");
    for (std::size_t size = 0; size < stream.size(); ++size)
        ASSERT_EQ(unpacked(stream.substr(0, size), 10000), kBadDeflate.text) << size;
}

TEST(Inflate, RefusesNonsense) {
    EXPECT_EQ(unpacked("\x07", 100), kBadDeflate.text) << "the fourth kind of block";
    EXPECT_EQ(unpacked(std::string("\x01\x05\x00\x00\x00hello", 10), 100), kBadDeflate.text) << "lengths that disagree";
    EXPECT_EQ(unpacked(std::string("\x4b\x04\x13\x00", 4), 100), kBadDeflate.text) << "a copy from before the start";
}

TEST(Crc32, IsTheOneOfGzip) {
    EXPECT_EQ(crc32(0, as_bytes("123456789")), 0xcbf43926u);
    EXPECT_EQ(crc32(crc32(0, as_bytes("1234")), as_bytes("56789")), 0xcbf43926u);
    EXPECT_EQ(crc32(0, {}), 0u);
}

}  // namespace
}  // namespace util
