// What a dashboard of Trayb's must be: Grafana's own types (@grafana/schema), made as strict as JSON can be.
import type { Dashboard, DataQuery, FieldConfig, GraphFieldConfig, Panel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// Too narrow for JSON: a file holds 'absolute', which isn't assignable to an enum whose value is that word.
type AsJson<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends number | boolean | null | undefined
      ? T
      : T extends readonly (infer E)[]
        ? AsJson<E>[]
        : { [K in keyof T]: AsJson<T[K]> };

// Not in the package: the query of the Prometheus data source. As in Grafana's packages/grafana-prometheus/src/dataquery.ts.
interface PrometheusQuery extends Omit<DataQuery, 'key' | 'datasource'> {
  expr: string;
  legendFormat: string;
  instant?: boolean;
  range?: boolean;
  format?: 'time_series' | 'table' | 'heatmap';
  datasource: PrometheusSource;
}

// Wider than what Grafana finds: it looks for a data source by both.
interface PrometheusSource {
  type: 'prometheus';
  uid: string;
}

// Too wide: a panel may be of any type, with any options, any queries and any settings of its fields. Here it is one that we
// generate, with the settings that its plugin has. Optional there, and always wanted here: what names and places a panel.
type Drawn<Type extends string, Options, Custom> = Omit<Panel, 'type' | 'options' | 'targets' | 'fieldConfig'> &
  Required<Pick<Panel, 'id' | 'title' | 'description' | 'gridPos'>> & {
    type: Type;
    datasource: PrometheusSource;
    options?: Partial<Options>;
    targets: PrometheusQuery[];
    fieldConfig: {
      defaults: Omit<FieldConfig, 'custom'> & Required<Pick<FieldConfig, 'unit' | 'thresholds'>> & { custom?: Custom };
      overrides: [];
    };
  };

type TraybPanel = Drawn<'timeseries', TimeSeriesOptions, GraphFieldConfig> | Drawn<'stat', StatOptions, never>;

export type TraybDashboard = AsJson<
  Omit<Dashboard, 'panels'> &
    Required<Pick<Dashboard, 'uid' | 'title' | 'description' | 'tags' | 'time' | 'templating'>> & {
      // Ours: says that the file is generated. Grafana keeps what it doesn't know.
      _generated: string;
      panels: TraybPanel[];
    }
>;
