/** What a feature may bring to the frame around all rooms: rooms, sections of 管理, what stands in every room, 总览. See `contract.ts`. */
import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

import type { Role } from '@/protocol/types'
import type { Shell } from '@/state/shell'

import type { Said, Shown } from './contract'

/** One address of a room. */
export interface RoomPage {
  /** Below the room's: '' or ':booking'. Its parameters are the page's props. */
  readonly path: string
  /** Name of the route: `meetings`, `meetings-booking`. */
  readonly name: string
  readonly page: () => Promise<{ default: Component }>
  /** Without rail and top bar: for the big screen. */
  readonly bare?: true
}

/** A room of the app. The file is in everybody's first load: a few lines, and its pages are fetched when they are opened. */
export interface RoomPart {
  /** Where it stands in the rail: 总览 10, 指挥 20, 情况 30, 指令 40, 会议 50, 巡查 60, 档案 70, 值守 80, 站点 90, 管理 100. */
  readonly place: number
  /** `/meetings` */
  readonly path: string
  /** Message key of its name: two characters, in `desk` words. */
  readonly says: string
  /** SVG path in a box of 24, drawn as a line. */
  readonly icon: string
  readonly roles: readonly Role[]
  /** Path of the room that its pages stand in: only who may not enter that one has it in the rail. */
  readonly within?: string
  /** The first has the room's own address. */
  readonly pages: readonly RoomPage[]
}

/** A section of 管理, at `/admin/<name>`. It finds the frame by `useShell`. */
export interface AdminSection {
  readonly name: string
  readonly place: number
  /** Message key, in `desk` words. */
  readonly says: string
  /** The duty that it belongs to: each administrator has his own alone. */
  readonly duty: 'system' | 'security' | 'audit'
  readonly page: () => Promise<{ default: Component }>
}

export interface AdminPart {
  readonly sections: readonly AdminSection[]
}

/** A section of one's account's page. */
export interface AccountPart {
  readonly place: number
  readonly roles: readonly Role[]
  readonly section: Component
}

/** Something that the search of the frame (Ctrl-K) finds. */
export interface Found {
  readonly id: string
  /** What it is called, as it is shown. */
  readonly text: string
  /** What kind of thing it is, in words: 中心, 会议, 指令, 动作. */
  readonly kind: string
  /** More of it: its path, its state. */
  readonly more?: string
  readonly press: () => void
}

/** A number of the top bar or of 总览, and the way to its list. */
export interface ShellFigure extends Said {
  readonly id: string
  readonly place: number
  readonly value: number
  readonly of?: number
  readonly tone?: 'plain' | 'late' | 'live'
  readonly to: RouteLocationRaw
}

/** What a feature has in the frame. Functions are read while the frame draws: they may look at refs. */
export interface OnShell {
  /** Under the top bar, in every room. */
  readonly strip?: Shown
  /** What stands over the page. */
  readonly over?: readonly Shown[]
  /** In the top bar, in every room. */
  readonly figures?: () => readonly ShellFigure[]
  /** What the search finds; it may ask the hub, and is asked again at each word. */
  readonly find?: (text: string) => readonly Found[] | Promise<readonly Found[]>
  /** How much waits in a room: path of the room -> number, shown in the rail. */
  readonly counts?: () => Readonly<Record<string, number>>
  /** How much waits for this person: stands in the window's title. */
  readonly waiting?: () => number
}

export interface ShellPart {
  /** Called once, in the scope of the frame; undefined for who has nothing of it. */
  readonly shell: (shell: Shell) => OnShell | undefined
}

export interface OverviewCard {
  /** Left: who is called with one key; middle: what waits for me; right: today. */
  readonly column: 'call' | 'waits' | 'today'
  readonly place: number
  readonly card: Shown
}

export interface OnOverview {
  readonly figures?: () => readonly ShellFigure[]
  readonly cards?: readonly OverviewCard[]
}

export interface OverviewPart {
  /** Called once when 总览 is opened, in its scope; undefined for who has nothing of it. */
  readonly overview: (shell: Shell) => OnOverview | undefined
}
