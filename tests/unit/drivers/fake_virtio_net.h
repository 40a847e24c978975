// A virtio-net device that enforces VIRTIO 1.2: the order of initialisation (3.1.1), access widths (4.1.3.1),
// feature negotiation, queue set-up and the rings' rules (2.7), in the legacy and the modern interface.
//
// Written from the specification, independently of the driver: it shares none of its constants.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "tests/host/fake_bus.h"

class FakeVirtioNet final : public host::FakePciDevice {
  public:
    static constexpr std::uint64_t kCsum = 1ull << 0, kGuestCsum = 1ull << 1, kMtu = 1ull << 3,
                                   kMac = 1ull << 5, kStatus = 1ull << 16, kControl = 1ull << 17,
                                   kControlMac = 1ull << 23, kAnyLayout = 1ull << 27,
                                   kVersion1 = 1ull << 32;
    // What a driver of ours has no use for, and must not accept; the control queue only to set the address.
    static constexpr std::uint64_t kUnwanted = 1ull << 7 | 1ull << 15 | 1ull << 17 | 1ull << 28 | 1ull << 29;

    enum class Modern { None, Memory, Ports };
    struct Model {
        const char* name;
        bool legacy = false;
        Modern modern = Modern::None;
        std::uint64_t features = kMac | kStatus | kAnyLayout | kUnwanted;
        std::uint16_t queue_size = 256;
        std::uint64_t window = 0xfe000000;
        std::uint16_t mtu = 1500;
        // Whether the driver is expected to use the modern interface.
        bool used_as_modern = false;
        // Whether every access goes through configuration space.
        bool through_configuration = false;
    };
    explicit FakeVirtioNet(const Model& model);

    static constexpr std::array<std::uint8_t, 6> kAddress{0x52, 0x54, 0x00, 0xab, 0xcd, 0xef};

    // Whose frames it lets through.
    std::array<std::uint8_t, 6> station = kAddress;
    bool refuses_address = false;

    void set_link(bool up) { link_up_ = up; }

    struct How {
        std::uint8_t flags = 0;                // of the header
        std::optional<std::uint32_t> written;  // a lie about the length
        std::optional<std::uint32_t> id;       // a lie about the descriptor
    };
    // False when it is lost for want of a buffer that the device was told of.
    bool deliver(std::span<const std::byte> frame, How how);
    bool deliver(std::span<const std::byte> frame) { return deliver(frame, How{}); }
    // Moves the used index without having used anything.
    void lie_about_used_index(std::uint16_t by);
    std::size_t receive_room() const;

    struct Sent {
        std::vector<std::byte> frame;
        std::uint8_t flags;
        std::uint16_t checksum_start, checksum_offset;
    };
    std::vector<Sent> sent;
    bool sends_at_once = true;
    void finish_sending();

    // Looks for buffers by itself and does not want to be told of them.
    void set_polling(bool polling);

    bool is_running() const { return status_ & 4; }
    bool is_quiet() const { return status_ == 0 && !is_master(); }
    std::uint64_t accepted_features() const { return driver_features_; }
    unsigned resets = 0;
    unsigned notifications = 0;
    bool dead = false;  // answers nothing
    bool refuses_features = false;

    std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) override;
    void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) override;
    std::uint32_t read_config(std::uint8_t offset, unsigned size) override;
    void write_config(std::uint8_t offset, unsigned size, std::uint32_t value) override;

  private:
    struct Queue {
        std::uint16_t size = 0;
        std::uint64_t descriptors = 0, driver = 0, device = 0;
        bool enabled = false;
        std::uint16_t seen = 0;  // available entries taken
        std::uint16_t told = 0;  // available entries known of
        std::uint16_t used = 0;
    };
    struct Piece {
        util::MutableBytes bytes;
        bool writable;
    };
    void reset();
    void write_status(std::uint8_t value);
    void write_features(std::uint64_t features);
    void check_config_access() const;
    std::uint8_t config_byte(std::uint32_t offset) const;
    std::uint32_t read_device_config(std::uint32_t offset, unsigned size) const;
    std::uint32_t read_legacy(std::uint32_t offset, unsigned size);
    void write_legacy(std::uint32_t offset, unsigned size, std::uint32_t value);
    std::uint32_t read_modern(std::uint32_t offset, unsigned size);
    void write_modern(std::uint32_t offset, unsigned size, std::uint32_t value);
    std::uint32_t read_common(std::uint32_t offset, unsigned size);
    void write_common(std::uint32_t offset, unsigned size, std::uint32_t value);
    void set_up_legacy_queue(std::uint32_t page);
    void enable_modern_queue();
    void notify(std::uint32_t queue);
    void look(Queue& queue);
    std::vector<Piece> chain(const Queue& queue, std::uint16_t head) const;
    void obey();
    unsigned queue_count() const { return offered_ & kControlMac ? 3 : 2; }
    void use(Queue& queue, std::uint32_t id, std::uint32_t written);
    std::uint16_t load16(std::uint64_t address) const;
    void store16(std::uint64_t address, std::uint16_t value) const;
    bool modern_in_use() const { return driver_features_ & kVersion1; }
    std::size_t header_size() const { return modern_in_use() ? 12 : 10; }
    bool strict_layout() const { return !(driver_features_ & (kVersion1 | kAnyLayout)); }

    Model model_;
    std::uint8_t status_ = 0;
    std::uint64_t offered_;
    std::uint64_t driver_features_ = 0;
    std::uint32_t device_select_ = 0, driver_select_ = 0;
    std::uint16_t queue_select_ = 0;
    std::array<Queue, 3> queues_;
    std::vector<std::uint16_t> to_send_;
    bool link_up_ = true;
    bool polling_ = false;
    std::uint8_t access_ = 0;  // where the configuration access capability is
};
