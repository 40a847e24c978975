// A LUN of an iSCSI target as a block device. It holds the session, makes it anew when it is lost, and carries every
// unfinished request over: reads and writes name their blocks, so doing one twice does no harm.
//
// iscsi_device.cc: opening, closing, requests. iscsi_device_link.cc: finding the portal, logging in, reconnecting.
// iscsi_diagnosis.cc: what went wrong, in words.
#pragma once

#include "san/block_device.h"
#include "san/iscsi_session.h"
#include "san/scsi_probe.h"

namespace san {

class IscsiDevice final : public BlockDevice, public util::Poller {
  public:
    // Logs in and waits until the LUN is ready. The context's members must outlive the device. On failure `out` tells
    // a person what happened; else it is left alone.
    static util::Result<util::Owned<IscsiDevice>> open(const IscsiContext& context, const IscsiConfig& config,
                                                       Diagnosis& out);
    // Only begins: ready() or down() in the end. For those who wait for several.
    static util::Result<util::Owned<IscsiDevice>> begin(const IscsiContext& context, const IscsiConfig& config);
    ~IscsiDevice() override;

    const BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return kMaxTransferBytes / geometry_.block_size; }
    void submit(BlockRequest& request) override;
    void cancel(BlockRequest& request) override;
    std::uint32_t generation() const override { return generation_; }
    bool reconnecting() const override;
    const Diagnosis& diagnosis() const override { return diagnosis_; }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

    // Logs out in good order, waiting two seconds at most. Requests that are in flight fail.
    void close();
    // Whether nothing is on its way.
    bool quiet() const;
    void quiesce() override;
    bool ready() const { return state_ == State::Ready; }
    // It has given up, and why.
    bool down() const { return state_ == State::Down; }
    const util::Failure* final_failure() const { return final_failure_; }
    // Has one that is down try again.
    void wake();
    // When it has been ready.
    const UnitIdentity& identity() const { return identity_; }

    // For the iBFT and for messages.
    const IscsiConfig& config() const { return config_; }
    const net::Ipv4Endpoint& portal() const { return portal_; }  // where the session is, after redirects
    ChapUsed chap_used() const { return chap_used_; }

  private:
    template <class T, class... Args>
    friend util::Result<util::Owned<T>> util::make_owned(Args&&... args);
    IscsiDevice(const IscsiContext& context, const IscsiConfig& config) : context_(context), config_(config) {}

    static constexpr std::uint32_t kMaxTransferBytes = 262144;
    enum class State : std::uint8_t {
        Resolving,   // waits for the name's address
        LoggingIn,   // session_ connects and logs in
        Probing,     // the session is there; the LUN is being looked at
        Ready,
        Waiting,     // for the next try, until retry_at_
        Down,        // gave up; the next request tries again, unless dead_
    };
    struct Slot {
        ScsiTask task;
        BlockRequest* request = nullptr;
        ScsiRetry retry;
        bool waiting = false;   // for retry.again_at()
        bool starting = false;  // the task is START UNIT, and the request's own command comes after it
    };

    // Link.
    void begin_search();
    void find_portal();
    void connect(net::Ipv4Address address);
    void follow_resolver();
    bool follow_session(util::Instant now);
    bool follow_probe();
    void probe_ready();
    void session_ended();
    void follow_redirect();
    void link_failed(const char* stage, const util::Failure& failure);
    void retry_after(util::Duration delay);
    bool is_final(const util::Failure& failure);
    void give_up(const util::Failure& failure);
    void lose_session();
    void take_back_requests();
    bool patience_over() const;

    // Requests.
    bool collect();
    bool dispatch();
    Slot* free_slot();
    void send(Slot& slot);
    void task_done(Slot& slot);
    void complete(Slot& slot, const util::Failure* failure);
    void fail_request(BlockRequest& request, const util::Failure& failure);
    Slot* slot_of(const ScsiTask& task);

    // Diagnosis.
    void diagnose(const char* stage, const util::Failure& failure, const Sense* sense = nullptr);
    void add_hint(const util::Failure& failure);

    IscsiContext context_;
    State state_ = State::Waiting;
    bool opened_ = false;  // was Ready once: from then on a lost session is made anew with all patience
    bool dead_ = false;    // never to be tried again
    bool suspect_ = false;  // the unit has said that it was reset, or may be another one: to be looked at again
    bool looked_again_ = false;  // for that, and no request was done since
    bool wanted_ = true;   // false after quiesce(): a lost session stays lost until the next request
    const util::Failure* final_failure_ = nullptr;  // the last one, final when Down

    PolledClock clock_;
    util::Instant retry_at_, lost_at_;
    util::Duration delay_;
    util::Duration patience_;

    net::Ipv4Endpoint portal_;
    std::uint16_t redirect_port_ = 0;
    std::uint8_t redirects_ = 0;
    std::uint8_t closed_connections_ = 0;  // while opening
    std::uint8_t protocol_failures_ = 0;  // in a row, without a request done between them

    util::Owned<IscsiSession> session_;
    ChapUsed chap_used_ = ChapUsed::None;
    BlockGeometry geometry_;
    std::uint32_t generation_ = 0;

    util::List<BlockRequest> pending_;
    // What is large comes last: code is shorter that reaches the others.
    UnitIdentity identity_;
    ScsiProbe probe_;
    util::Text<255> redirect_server_;  // empty: the configured portal
    IscsiConfig config_;
    std::array<Slot, IscsiSession::kMaxTasks> slots_;
    Diagnosis diagnosis_;
};

}  // namespace san
