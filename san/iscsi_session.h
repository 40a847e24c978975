// One iSCSI session over one connection (RFC 7143), from the first login request to its end: a state machine that
// IscsiDevice polls. It carries out ScsiTasks; it never reconnects: when it has ended, its owner makes a new one.
//
// iscsi_session.cc: phases and timers. iscsi_session_send.cc: what goes out, and when it may.
// iscsi_session_receive.cc: what comes in, and whether to believe it.
#pragma once

#include "san/iscsi_login.h"
#include "san/iscsi_transport.h"
#include "san/polled_clock.h"
#include "san/scsi_task.h"

namespace san {

class IscsiSession {
  public:
    enum class Phase : std::uint8_t { Connecting, Login, FullFeature, LoggingOut, Ended };
    // Why it ended, which decides what to do next.
    enum class Cause : std::uint8_t {
        None,
        Lost,          // the network or the target went away: worth trying again
        Protocol,      // the target did something it must not: trying again may not help
        LoginRefused,  // failure() and login_status() say how
        Redirected,    // redirect() says where to
        LogoutWanted,  // the target asked for it: try again at once, or after wait()
        LoggedOut,     // as we asked
    };

    // Config and random must outlive it.
    IscsiSession(const IscsiConfig& config, net::Random& random, util::Owned<net::Stream> stream)
        : config_(config), stream_(std::move(stream)), login_(config, random) {}
    ~IscsiSession();

    bool poll(util::Instant now);
    util::Instant poll_at() const;

    Phase phase() const { return phase_; }
    Cause cause() const { return cause_; }
    // Whether the connection came about, whatever became of it.
    bool connected() const { return connected_; }
    const util::Failure& failure() const { return *failure_; }
    std::uint16_t login_status() const { return login_.status(); }
    std::string_view redirect() const { return login_.redirect(); }
    ChapUsed chap_used() const { return login_.chap_used(); }
    const SessionParameters& parameters() const { return login_.parameters(); }
    // How long the target wants to be left alone before the next login.
    util::Duration wait() const { return wait_; }
    // Why the target rejected a PDU, in words; null when it did not.
    const char* reject_reason() const { return reject_reason_; }

    // Starts a task, when the window and the tags allow; any number may wait. FullFeature only: in another phase it
    // stays Queued. Its data must stay in place until it is Done, abandoned, or the session has Ended.
    void submit(ScsiTask& task);
    // The next task that is Done, or null.
    ScsiTask* take_done() { return done_.pop_front(); }
    // Takes the task back now. A write that has begun costs the session, as its data may still be asked for.
    void abandon(ScsiTask& task);
    // Ends the session in good order: poll until Ended.
    void logout() { logout_wanted_ = true; }
    // Whether it may ping a target that says nothing while we ask nothing of it.
    enum class IdlePing : std::uint8_t { Off, On };
    void set_idle_ping(IdlePing idle_ping) { idle_ping_ = idle_ping; }

    static constexpr std::size_t kMaxTasks = 32;

  private:
    struct Slot {
        bool busy = false;
        std::uint32_t tag = 0;
        ScsiTask* task = nullptr;  // null: abandoned, its answers are dropped
    };
    struct NopReply {
        std::uint32_t target_transfer_tag;
        ScsiLun lun;
    };
    using Step = util::Result<void>;

    void follow_stream();
    void begin_login();
    void check_timers();
    bool tasks_active() const;
    void end(Cause cause, const util::Failure& failure);

    bool transmit();
    bool start_next_pdu();
    bool start_control_pdu();
    template <IscsiHeaderStruct T>
    void start_request(T& header, std::uint32_t tag, util::Bytes text = {});
    void start_immediate(NopOutHeader& header, std::uint32_t tag, util::Bytes text = {});
    void start_login_request();
    void start_logout();
    void start_ping();
    void start_nop_reply();
    void start_text_request();
    void start_data_out(ScsiTask& task);
    bool start_command();
    std::size_t plan_unsolicited(ScsiTask& task) const;
    Slot* free_slot();
    bool window_open() const { return !serial_less(max_cmd_sn_, cmd_sn_); }
    void writer_done();

    bool receive();
    Step accept_header();
    Step accept_data_in(const DataInHeader& header);
    Step accept_pdu();
    Step accept_full_feature(IscsiOpcode opcode);
    Step accept_login_response();
    Step accept_scsi_response(const ScsiResponseHeader& header);
    Step complete_data_in(const DataInHeader& header);
    Step accept_ready_to_transfer(const ReadyToTransferHeader& header);
    Step accept_nop_in(const NopInHeader& header);
    Step accept_async(const AsyncMessageHeader& header);
    Step accept_reject(const RejectHeader& header);
    Step accept_text_response();
    void accept_logout_response(const LogoutResponseHeader& header);
    void take_numbers(IscsiOpcode opcode);
    void finish(Slot& slot);
    Slot* find(std::uint32_t tag);
    util::Bytes control_data() const;

    const IscsiConfig& config_;
    util::Owned<net::Stream> stream_;
    Phase phase_ = Phase::Connecting;
    Cause cause_ = Cause::None;
    const util::Failure* failure_ = nullptr;
    const char* reject_reason_ = nullptr;
    util::Duration wait_;

    std::uint32_t cmd_sn_ = 1;
    std::uint32_t max_cmd_sn_ = 0;
    std::uint32_t exp_cmd_sn_ = 0;
    std::uint32_t exp_stat_sn_ = 0;
    std::uint32_t next_tag_ = 0;

    util::List<ScsiTask> queue_;    // wait for window and tag
    util::List<ScsiTask> senders_;  // have data to send
    util::List<ScsiTask> done_;
    ScsiTask* reading_ = nullptr;   // whose memory the reader fills
    ScsiTask* writing_ = nullptr;   // whose data the writer holds
    Slot* finish_after_write_ = nullptr;

    bool connected_ = false;
    bool login_request_due_ = false;
    bool logout_wanted_ = false;
    bool asked_by_target_ = false;
    bool text_request_due_ = false;
    bool ping_due_ = false;
    bool ping_sent_ = false;
    IdlePing idle_ping_ = IdlePing::On;
    std::uint8_t nop_reply_count_ = 0;

    PolledClock clock_;
    util::Instant heard_at_, ping_at_, phase_deadline_;
    util::Instant unblocked_at_;  // when no command waited, or one was with the target

    // What is large comes last: code is shorter that reaches the others.
    PduReader reader_;
    PduWriter writer_;
    IscsiLogin login_;
    std::array<NopReply, 8> nop_replies_{};
    std::array<Slot, kMaxTasks> slots_{};
    std::array<std::byte, kDefaultSegmentLength> control_;  // data segments that are not a task's
};

}  // namespace san
