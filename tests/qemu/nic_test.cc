// A firmware whose main() tries every NIC it finds against QEMU's own models of them: the drivers, without
// the network stack. Linked instead of arch/main.cc: make bin/nic-test.rom, run by tests/qemu/nics. The peer
// is the user network's gateway, which answers ARP and ICMP echo.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/dma.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "drivers/drivers.h"
#include "util/text.h"

namespace arch {
namespace {

using util::Be16;
using util::Duration;
using util::Instant;

constexpr std::array<std::uint8_t, 4> kMe{10, 0, 2, 15}, kGateway{10, 0, 2, 2};
constexpr std::size_t kEchoFrame = 1514;

struct Arp {
    net::MacAddress to, from;
    Be16 type{0x0806}, hardware{1}, protocol{0x0800};
    std::uint8_t hardware_size = 6, protocol_size = 4;
    Be16 operation{1};
    net::MacAddress sender_mac;
    std::array<std::uint8_t, 4> sender = kMe;
    net::MacAddress target_mac{};
    std::array<std::uint8_t, 4> target = kGateway;
};
static_assert(sizeof(Arp) == 42);

struct Echo {
    net::MacAddress to, from;
    Be16 type{0x0800};
    std::uint8_t version = 0x45, service = 0;
    Be16 length{kEchoFrame - 14};
    Be16 id{0}, fragment{0};
    std::uint8_t hops = 64, protocol = 1;
    Be16 header_checksum{0};
    std::array<std::uint8_t, 4> source = kMe, target = kGateway;
    std::uint8_t icmp_type = 8, code = 0;
    Be16 checksum{0}, identifier{0x5a5a}, sequence{0};
    std::uint8_t data[kEchoFrame - 42];
};
static_assert(sizeof(Echo) == kEchoFrame);

std::uint16_t checksum(const void* from, std::size_t size) {
    auto* bytes = static_cast<const std::uint8_t*>(from);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < size; i += 2) sum += std::uint32_t{bytes[i]} << 8 | bytes[i + 1];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

class Trial {
  public:
    Trial(net::Link& link, net::PacketPool& pool) : link_(link), pool_(pool) {}

    bool wait_for_link() {
        Instant until = platform::now() + Duration::seconds(5);
        while (!link_.state().up)
            if (platform::now() > until) return false;
        return true;
    }

    bool find_gateway() {
        for (int tries = 0; tries < 3; ++tries) {
            Arp request{
                .to = net::MacAddress::broadcast(), .from = link_.address(), .sender_mac = link_.address()};
            if (!send(&request, sizeof request)) return false;
            Instant until = platform::now() + Duration::milliseconds(500);
            while (platform::now() < until) {
                net::Packet packet = link_.receive();
                if (!packet || packet.size() < sizeof(Arp)) continue;
                Arp reply;
                std::memcpy(static_cast<void*>(&reply), packet.data().data(), sizeof reply);
                if (reply.type.get() != 0x0806 || reply.operation.get() != 2) continue;
                gateway_ = reply.sender_mac;
                return reply.to == link_.address();
            }
        }
        return false;
    }

    // As many replies as the link promises to hold, before the first is taken.
    bool burst() {
        unsigned count = static_cast<unsigned>(link_.receive_capacity());
        for (unsigned i = 0; i < count; ++i) send_echo();
        Instant until = platform::now() + Duration::milliseconds(500);
        while (platform::now() < until) {
        }
        unsigned answered = take_all(count, Duration::milliseconds(500));
        util::print("burst %u of %u, ", answered, count);
        return answered == count;
    }

    bool stream(unsigned total) {
        Instant from = platform::now();
        unsigned answered = 0;
        unsigned batch = std::min(32u, static_cast<unsigned>(link_.receive_capacity()));
        total -= total % batch;
        for (unsigned sent = 0; sent < total; sent += batch) {
            for (unsigned i = 0; i < batch; ++i) send_echo();
            answered += take_all(batch, Duration::milliseconds(500));
        }
        auto ms = static_cast<std::uint32_t>((platform::now() - from).us() / 1000);
        util::print("stream %u of %u in %u ms, verified %u, ", answered, total, ms, verified_);
        return answered == total;
    }

  private:
    bool send(const void* frame, std::size_t size) {
        net::Packet packet = pool_.allocate();
        if (!packet) return false;
        std::memcpy(packet.append(size).data(), frame, size);
        Instant until = platform::now() + Duration::seconds(1);
        while (!link_.transmit(packet))
            if (platform::now() > until) return false;
        return true;
    }

    void send_echo() {
        static Echo echo;
        echo = {};
        echo.to = gateway_;
        echo.from = link_.address();
        echo.sequence = sequence_++;
        for (std::size_t i = 0; i < sizeof echo.data; ++i)
            echo.data[i] = static_cast<std::uint8_t>(i + sequence_);
        echo.header_checksum = checksum(&echo.version, 20);
        echo.checksum = checksum(&echo.icmp_type, kEchoFrame - 34);
        if (!send(&echo, sizeof echo)) util::print("BAD: not sent\n");
    }

    unsigned take_all(unsigned wanted, Duration patience) {
        unsigned good = 0;
        Instant until = platform::now() + patience;
        while (good < wanted && platform::now() < until) {
            net::Packet packet = link_.receive();
            if (!packet || packet.size() != kEchoFrame) continue;
            auto* bytes = reinterpret_cast<const std::uint8_t*>(packet.data().data());
            if (bytes[23] != 1 || bytes[34] != 0) continue;
            if (checksum(bytes + 34, kEchoFrame - 34) != 0) util::print("BAD: damaged\n");
            if (util::Be16 sequence; std::memcpy(&sequence, bytes + 40, 2), sequence.get() != expected_++)
                util::print("BAD: %u came as %u\n", expected_ - 1u, unsigned{sequence.get()});
            verified_ += packet.buffer().checksum == net::Checksum::Verified;
            ++good;
        }
        return good;
    }

    net::Link& link_;
    net::PacketPool& pool_;
    net::MacAddress gateway_;
    std::uint16_t sequence_ = 0, expected_ = 0;
    unsigned verified_ = 0;
};

bool try_once(net::Link& link, net::PacketPool& pool) {
    Instant start = platform::now();
    auto elapsed = [&] { return static_cast<unsigned>((platform::now() - start).ms()); };
    if (auto opened = link.open(); !opened.ok()) {
        util::print("%s ", opened.failure().text);
        return false;
    }
    unsigned opened_after = elapsed();
    Trial trial(link, pool);
    bool good = trial.wait_for_link();
    util::print("link %s %u Mbit/s, open after %u ms, up after %u ms, ", good ? "up" : "down",
                link.state().megabits, opened_after, elapsed());
    good = good && trial.find_gateway();
    util::print("answered after %u ms, ", elapsed());
    good = good && trial.burst() && trial.stream(2048);
    link.close();
    good = good && pool.available() == pool.total();
    return good;
}

}  // namespace

void main() {
    initialise_machine();
    auto memory = static_cast<std::size_t>(std::min<std::uint64_t>(platform::memory_size() / 64, 2 << 20));
    net::PacketPool pool(platform::dma_allocate(memory, 64));
    for (auto nic = drivers::find_nic({}); nic; nic = drivers::find_next_nic(*nic)) {
        util::print("NIC %v %v: ", &nic->entry->chip.driver, &nic->entry->chip.name);
        auto link = nic->probe(pool);
        if (!link.ok()) {
            util::print("%s BAD\n", link.failure().text);
            continue;
        }
        // Twice: closing leaves a device that can be opened again.
        bool good = try_once(*link.value(), pool) && try_once(*link.value(), pool);
        auto mac = net::to_text(link.value()->address()).view();
        util::print("%v %s\n", &mac, good ? "GOOD" : "BAD");
    }
    util::print("NIC test: done\n");
    give_back_machine();
}

}  // namespace arch
