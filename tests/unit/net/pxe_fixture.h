// A machine whose network boot program is the test: memory up to 1 MiB and a bit, of which a part is ours, and calls by
// number and far pointer.
#pragma once

#include <array>

#include "net/pxe/pxe_api.h"
#include "net/transport/udp_datagrams.h"
#include "tests/unit/net/stack_fixture.h"

namespace net {

class ProgramMemory final : public util::GuestMemory {
  public:
    static constexpr std::uint32_t kSize = 0x110000;
    // The firmware's own.
    static constexpr std::uint32_t kOurs = 0x9c000, kOursEnd = 0x9e000;

    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        if (address > kSize || size > kSize - address) return {};
        if (address < kOursEnd && kOurs < address + size) return {};
        return util::MutableBytes(bytes_).subspan(address, size);
    }
    template <class T>
    T& at(std::uint32_t address) {
        return *reinterpret_cast<T*>(&bytes_[address]);
    }
    std::string text(std::uint32_t address, std::size_t size) {
        return std::string(util::as_text(util::MutableBytes(bytes_).subspan(address, size)));
    }
    void put(std::uint32_t address, std::string_view text) { std::memcpy(&bytes_[address], text.data(), text.size()); }

  private:
    std::vector<std::byte> bytes_ = std::vector<std::byte>(kSize);
};

inline pxe::SegOff16 far_pointer(std::uint32_t linear) {
    return {static_cast<std::uint16_t>(linear % 16), static_cast<std::uint16_t>(linear / 16)};
}

// Two machines on a wire: `a` has the program, 10.0.0.1; `b` is 10.0.0.2.
class PxeFixture : public TwoStacks {
  protected:
    static constexpr std::uint32_t kParameters = 0x8000, kBuffer = 0x20000, kAreaAt = 0x90000;

    PxeFixture() {
        start();
        settle();  // the machines have announced their addresses
    }
    void start() {
        api.emplace(PxeApi::Parts{a.stack, a.interface, fetch, packets, read_pci, shared});
        api->start(memory, {far_pointer(kAreaAt), memory.map(kAreaAt, api->area_size())});
    }
    static std::uint8_t read_pci(std::uint16_t, std::uint8_t offset) { return offset; }

    template <class T>
    T& parameters() {
        return memory.at<T>(kParameters);
    }
    pxe::Status call(std::uint16_t function) {
        parameters<pxe::Plain>().status = 0xffff;
        answer = api->call(function, far_pointer(kParameters));
        auto status = static_cast<pxe::Status>(parameters<pxe::Plain>().status.get());
        if (answer.then != PxeApi::Then::Restart) {
            EXPECT_EQ(answer.exit == pxe::Exit::Success, status == pxe::Status::Success);
        }
        return status;
    }
    // Lets what is on the wire arrive.
    void settle() {
        for (int i = 0; i < 20; ++i) loop.poll_once();
    }

    bool shared = false;
    DnsSettings dns;
    UdpDatagrams datagrams{a.stack};
    FetchContext fetch{loop, datagrams, a.random, dns, {}};
    std::string discover = std::string(300, 'd'), ack = std::string(548, 'a'), reply = std::string(400, 'r');
    PxePackets packets{util::as_bytes(discover), util::as_bytes(ack), util::as_bytes(reply)};
    ProgramMemory memory;
    std::vector<host::Frame> sent;
    std::optional<PxeApi> api;
    PxeApi::Answer answer;
};

}  // namespace net
