import type { ReactNode } from 'react'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { timeWords, type Point, type SERIES, type Unit } from './throughput-words.ts'

const TICK = { fill: 'var(--muted)', fontSize: 12 }
const compact = new Intl.NumberFormat(undefined, { notation: 'compact' })

/** Bar chart of one kind. Only a picture: the table below it has the numbers. */
export function ThroughputChart({
  points,
  series,
  colour,
  unit,
}: {
  readonly points: readonly Point[]
  readonly series: (typeof SERIES)[number]['key']
  readonly colour: string
  readonly unit: Unit
}): ReactNode {
  const isEmpty = points.every((point) => point[series] === 0)
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...points]}
        accessibilityLayer={false}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="start"
          height={24}
          tick={TICK}
          tickFormatter={(start: string) => timeWords(start, unit, 'short')}
          tickLine={false}
          axisLine={{ stroke: 'var(--edge)' }}
          minTickGap={32}
        />
        <YAxis
          width={36}
          tick={TICK}
          tickCount={4}
          tickFormatter={(count: number) => compact.format(count)}
          tickLine={false}
          axisLine={false}
          allowDecimals={false}
          domain={[0, isEmpty ? 4 : 'auto']}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--sunken)' }}
          contentStyle={{ background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: 6 }}
          itemStyle={{ color: 'var(--text)' }}
          labelFormatter={(start) => typeof start === 'string' && timeWords(start, unit, 'long')}
          formatter={(count) => [Number(count).toLocaleString(), '']}
          separator=""
        />
        <Bar dataKey={series} fill={colour} radius={[3, 3, 0, 0]} maxBarSize={20} isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}
