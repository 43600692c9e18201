/* The shapes of the API under the names that screens use. They come from schema.ts, which is made of the server's own document
 * (npm run api); only what it leaves as plain text is narrowed here. */
import type { components } from './schema';

type S = components['schemas'];

export type Zone = S['QueueRow']['zone'];
export type HubStatus = S['QueueRow']['status'];
export type Step = S['policy']['step'];
export type Payment = S['QueueRow']['payment'];
export type Mark = S['QueueRow']['marks'][number];
export type OrderAction = S['OrderCard']['actions'][number]['action'];
export type BulkAction = OrderAction | 'assign';
export type Role = Session['user']['roles'][number];
export type Permission = Session['user']['permissions'][number];
export type Language = Session['user']['language'];
export type Theme = Session['user']['theme'];
export type Density = Session['user']['density'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Setup = S['setup_state'];
export type Session = S['session'];
export type SignIn = S['sign_in_row'];
export type SecondFactor = S['second_factor'];
export type SecondFactorBegun = S['second_factor_begun'];
export type SecondFactorCodes = S['second_factor_codes'];
export type SecondFactorRoles = S['second_factor_roles'];

export type QueueRow = S['QueueRow'];
export type RowCommand = NonNullable<S['RowCommand']>;
export type CommandState = RowCommand['state'];
export type CountSum = S['CountSum'];
export type QueueCounts = S['QueueCounts'];
export type OrderCard = S['OrderCard'];
export type OrderLine = S['OrderLine'];
export type OrderCommand = S['OrderCommand'];
export type HistoryEntry = S['OrderHistory'];
export type Task = S['tasks'];
export type ActionReply = S['OrderActed'];
export type Label = S['Label'];
export type LabelList = S['LabelList'];
export type BulkReply = S['BulkResult'];
export type Refusal = BulkReply['refused'][number];
export type OrderTaken = S['OrderTaken'];
export type PresenceRow = S['PresenceRow'];
export type UndoReply = S['UndoResult'];
export type SearchReply = S['SearchResult'];
export type FoundOrder = S['FoundOrder'];
export type Overview = S['Overview'];
export type Figures = S['Figures'];
export type Figure = Figures['figures'][number];
export type Board = S['Board'];
export type BoardColumn = Board['columns'][number];
export type BoardMove = Board['moves'][number];
export type BoardTimes = S['BoardTimes'];
export type Example = S['Example'];
export type ExampleGone = S['ExampleGone'];
export type View = S['Views'][number];

export type ReturnRow = S['ReturnRow'];
export type ReturnCard = S['ReturnCard'];
export type ReturnCounts = S['ReturnCounts'];
export type ReturnReasons = S['ReturnReasons'];
export type Returnable = S['Returnable'];
export type ReturnPhoto = S['ReturnPhoto'];
export type ReturnPhotos = S['ReturnPhotos'];
export type ReturnMedia = S['ReturnMedia'];
export type ReturnRules = S['ReturnRules'];
export type ReturnState = ReturnRow['state'];
export type ClaimRow = S['ClaimRow'];
export type ClaimCard = S['ClaimCard'];
export type ClaimCounts = S['ClaimCounts'];
export type ClaimState = ClaimRow['state'];
export type ClaimAction = ClaimCard['actions'][number];
export type ReturnKind = ReturnRow['kind'];
export type ReturnAction = ReturnCard['actions'][number]['action'];
export type ReturnLine = ReturnCard['lines'][number];
export type ReturnRefund = ReturnCard['refunds'][number];

export type Account = S['account'];
export type ChannelKind = S['channel_kind'];
export type CancelReason = ChannelKind['cancel_reasons'][number];
export type CheckReply = S['account_check'];
export type QuotaRow = S['quota'];
export type StatusRow = S['status_meaning'];
export type Parked = S['parked'];
export type Night = S['night'];
export type OutboxRow = S['outbox_row'];
export type Notices = S['Notices'];
export type Notice = Notices['items'][number];

export type CustomerRow = S['CustomerRow'];
export type Consent = S['consents'];
export type EraseRequest = S['erase_requests'];
export type CustomerCard = S['CustomerCard'];
export type CustomerSource = S['CustomerSource'];
export type IdentitySummary = S['IdentitySummary'];
export type Evidence = S['Evidence'];
export type SuggestionPage = S['SuggestionPage'];
export type Suggestion = SuggestionPage['items'][number];
export type SuggestionsDecided = S['SuggestionsDecided'];
export type IdentityHubs = S['IdentityHubs'];
export type IdentityWeights = S['IdentityWeights'];
export type WeightsLearnt = S['WeightsLearnt'];
export type CustomersTagged = S['CustomersTagged'];
export type CardNote = S['CardNote'];
export type Timeline = S['Timeline'];
export type Moment = Timeline['items'][number];
export type IdentityRun = S['identity_runs'];
export type MergeView = S['MergeView'];
export type MergedMany = S['MergedMany'];
export type CustomerTotals = S['CustomerTotals'];
export type PeopleImported = S['PeopleImported'];
export type UnmergeDone = S['UnmergeDone'];

export type UserRow = S['user'];
export type Invitation = S['invitation'];
export type InvitationSeen = S['invitation_seen'];
export type ApiKey = S['api_key'];
export type RoleRow = S['role_row'];
export type Webhook = S['webhook'];
export type WebhookEvent = Webhook['events'][number];
export type WebhookDelivery = S['webhook_delivery'];
export type NoticeWays = S['notice_ways'];
export type NoticeTarget = S['notice_target_new'];
export type NoticeMode = NoticeWays['rules'][string][string];
export type NoticeHouse = S['notice_house'];
export type AuditRow = S['audit_row'];
export type ReturnReport = S['ReturnReport'];
export type WorkReport = S['WorkReport'];
export type Standing = S['Standing'];
export type StandingFigure = S['StandingFigure'];
export type StandingOrders = S['StandingOrders'];
export type StandingLimits = S['StandingLimits'];
export type Policy = S['policy'];
export type Calendar = S['calendar'];
export type Interval = [string, string];
export type Tryout = S['tryout'];
export type RuleDay = S['RuleDay'];
export type ShopSettings = S['settings'];

/** Besides the server's own: `code` of what never reached it. */
export type Problem = Partial<Omit<S['problem'], 'title' | 'status' | 'code'>> & {
  title: string;
  status: number;
  code: string;
};
